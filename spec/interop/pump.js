const PERIOD = 5 // milliseconds
const MOST_AT_ONCE = 100

/**
 * Sends orders as they fall due, on and on: `sendNext` sends one and says whether it could.
 *
 * @param {number} rate orders a second; 0: as many as go
 * @param {() => boolean} sendNext
 */
export function pumpOrders(rate, sendNext) {
  let credit = 0
  setInterval(() => {
    credit = rate === 0 ? MOST_AT_ONCE : Math.min(credit + (rate * PERIOD) / 1000, MOST_AT_ONCE)
    while (credit >= 1 && sendNext()) credit -= 1
  }, PERIOD)
}
