module.exports = require('../dist/nest.js')
