// What `import 'jspurefix'` costs a program that does nothing else, in milliseconds.
const start = performance.now()
await import('reflect-metadata')
await import('jspurefix')
console.log(performance.now() - start)
