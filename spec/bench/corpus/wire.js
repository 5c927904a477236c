const SOH = '\u0001'

/** FIX by the plainest means: no engine that is measured has a hand in what it is measured with. */
export function wireText(fields) {
  const body = fields.map(([tag, value]) => `${tag}=${value}${SOH}`).join('')
  const counted = `8=FIX.4.4${SOH}9=${body.length}${SOH}${body}`
  return `${counted}10=${checkSum(counted)}${SOH}`
}

/** All fields of a message, in wire order. No value of the corpus holds SOH. */
export function fieldsOf(text) {
  return text
    .split(SOH)
    .slice(0, -1)
    .map((field) => {
      const equals = field.indexOf('=')
      return [Number(field.slice(0, equals)), field.slice(equals + 1)]
    })
}

/** What two engines have to agree on in a message: its fields, but for BodyLength(9) and CheckSum(10), in any order. */
export function comparable(text) {
  return text
    .split(SOH)
    .filter((field) => field !== '' && !/^(9|10)=/.test(field))
    .sort()
}

function checkSum(text) {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at)
  return String(sum % 256).padStart(3, '0')
}
