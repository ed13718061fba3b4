module.exports = require('../dist/fastify.js')
