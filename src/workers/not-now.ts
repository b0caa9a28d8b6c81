/** Too much of what a worker may say or ask; what it is told, and when it may come again. */
export class NotNow extends Error {
  constructor(
    message: string,
    /** Until there is room. */
    readonly seconds: number,
  ) {
    super(message);
  }
}
