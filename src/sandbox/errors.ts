/** Answers that are not what was asked for, in GitHub's form. Thrown anywhere below a route, turned into JSON in one place. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    errors?: readonly unknown[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

/** GitHub's words for an App that lacks a permission. */
export function notAccessible(): ApiError {
  return new ApiError(403, 'Resource not accessible by integration');
}

/** 422 with one or more plain reasons. */
export function invalid(...reasons: string[]): ApiError {
  return new ApiError(
    422,
    `Validation Failed: ${reasons.join('; ')}`,
    reasons.map((message) => ({ code: 'custom', message })),
  );
}
