module.exports = require('../dist/client.js')
