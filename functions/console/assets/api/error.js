/**
 * What the API says when it refuses, as one class for all of it.
 *
 * `detail` is written for people: pages show it as it is. A request that got no answer has the status 0 and the code `network`.
 */
export class ApiError extends Error {
  /**
   * @param {{ status: number, code: string, message: string, detail: string, fields?: Record<string, string[]>,
   *   requestId?: string | null, retryAfter?: number | null }} parts
   */
  constructor({ status, code, message, detail, fields = {}, requestId = null, retryAfter = null }) {
    super(detail || message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
    /** The reasons by field; a nested one is named by its path, `widgets[0].title`. */
    this.fields = fields;
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
