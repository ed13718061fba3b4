module.exports = require('../dist/express.js')
