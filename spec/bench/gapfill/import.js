// What `import 'gapfill'` costs a program that does nothing else, in milliseconds.
const start = performance.now()
await import('gapfill')
console.log(performance.now() - start)
