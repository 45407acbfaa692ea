/**
 * What the API says when it refuses, as one class for all of it.
 *
 * `detail` is for people: pages show it as it is. A request that got no answer has the status 0 and the code `network`.
 */
export class ApiError extends Error {
  /**
   * @param {{ status: number, code: string, message: string, detail: string, fields?: Record<string, string[]>,
   *   requestId?: string | null, retryAfter?: number | null }} parts
   */
  constructor({ status, code, message, detail, fields = {}, requestId = null, retryAfter = null }) {
    const words = forPeople(detail);
    super(words || message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = words;
    /** The reasons by field; a nested one is named by its path, `widgets[0].title`. */
    this.fields = Object.fromEntries(Object.entries(fields).map(([name, reasons]) => [name, reasons.map(forPeople)]));
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /**
   * The error of an answer. One that is not in the envelope comes from something in between.
   * @param {Response} response
   */
  static async of(response) {
    /** @type {Partial<Api.Schemas["Error"]>} */
    const body = await response.json().catch(() => ({}));
    return new ApiError({
      status: response.status,
      code: body.error ?? "unknown",
      message: body.message ?? `The server answered ${response.status}.`,
      detail: body.detail ?? "The answer did not come from the API. Try again.",
      fields: body.fields,
      requestId: response.headers.get("X-Request-Id"),
      retryAfter: retryAfter(response),
    });
  }

  /** A request that got no answer. */
  static network() {
    return new ApiError({
      status: 0,
      code: "network",
      message: "The server cannot be reached.",
      detail: "The server cannot be reached. Nothing is known of what it did with the request.",
    });
  }
}

/**
 * Where the API tells programs what to send, and what people are told in place of it. By its words: one code goes with many of them.
 * @type {[RegExp, string][]}
 */
const FOR_PROGRAMS = [
  [/ Remove it from their widgets, or delete it with \?force=true as an administrator\./, ""],
  [/, or import it with allow_breaking\./g, "."],
  [/Ask for the statement by \/api\/analytics\/explain\/, [^.]*\./, "If a table has changed, read the catalog again."],
  [/Data source \d+ is paused: set its status to active first\./, "The data source is paused: it has no answers until it is resumed."],
  [/A request with this Idempotency-Key is still running: send it again in some seconds\./, "It is still being done: look again in some seconds."],
  [/The first request with this Idempotency-Key .* too large to be kept\./, "It is done already: load the page again to see it."],
  [/ needs the permission \S+, which the role (\w+) does not have\./, " is more than the role $1 may do: ask an owner or an administrator."],
  [/Send it again, or null:/, "Enter it again, or remove it:"],
  [/; null removes it\./, "."],
  [/Quote the X-Request-Id of this response when reporting it\./, "Try again. If it stays, report it, and say when it was."],
];

/** @param {string} text */
export function forPeople(text) {
  return FOR_PROGRAMS.reduce((words, [part, instead]) => words.replace(part, instead), text);
}

/**
 * The seconds to wait, if the answer says so.
 * @param {Response} response
 */
export function retryAfter(response) {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isFinite(seconds) ? Math.max(seconds, 1) : null;
}

/**
 * Whether something failed only because nobody waits for it any more.
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
