/** One window of a schedule, as a user writes it. */
export interface WindowConfig {
  /** `17:00:00` or `17:00`, with a zone of its own where it is not the schedule's: `17:00:00 America/New_York`. */
  readonly startTime?: string | undefined
  /** Written like `startTime`. Not later than it: the window ends on the next day (or a week on, with equal days). */
  readonly endTime?: string | undefined
  /** Makes the window a week-long one: the weekday on which it starts. Needs `endDay`. */
  readonly startDay?: string | undefined
  readonly endDay?: string | undefined
  /** The days on which a window of a day starts, also one that goes on past midnight. Default: every day. */
  readonly weekdays?: readonly string[] | undefined
  /** From when on, within the window, a logon may be. Default: its start. */
  readonly logonTime?: string | undefined
  /** When, within the window, to log out without ending the session. Default: its end. */
  readonly logoutTime?: string | undefined
  /** Week-long windows only. Default: `startDay`. */
  readonly logonDay?: string | undefined
  /** Week-long windows only. Default: `endDay`. */
  readonly logoutDay?: string | undefined
}

/**
 * When a session lives, as a user writes it: one window, or several as `windows`. Without either it never ends.
 * Weekdays are English names or their first 2 or more letters, in any case.
 */
export interface ScheduleConfig extends WindowConfig {
  /** True: the session never ends, whatever else is said. */
  readonly nonStopSession?: boolean | undefined
  /** Windows instead of `startTime`, `endTime` and so on; each is a session of its own. At most 100. */
  readonly windows?: readonly WindowConfig[] | undefined
  /** IANA name of the zone of all times that have none of their own. Default: UTC. */
  readonly timeZone?: string | undefined
  /** The machine's own zone instead of `timeZone`. Default: false. */
  readonly useLocalTime?: boolean | undefined
  /**
   * Dates `YYYY-MM-DD` in the zone of `startTime`, at most 1000. No window of a day starts on them; a week-long
   * session goes on, logged off from midnight to midnight.
   */
  readonly holidays?: readonly string[] | undefined
}
