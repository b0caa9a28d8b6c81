/** Writes a body without an end on a bare connection until the server ends it; for tests of what a server reads at most. */
import { connect } from 'node:net';

const PIECE = Buffer.alloc(1024 * 1024, ' ');

export interface Flood {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** It stops by itself after so many bytes. */
  readonly most: number;
}

/**
 * `status` is the begin of the answer, or '' when the closed connection was seen first, which is up to the network. `written` counts
 * the bytes that the system took.
 */
export function flood({ port, path, headers, most }: Flood): Promise<{ status: string; written: number }> {
  return new Promise((resolve) => {
    let status = '';
    let written = 0;
    const socket = connect(port, '127.0.0.1');
    const next = (error?: Error | null) => {
      if (error || written >= most || socket.destroyed) return void socket.destroy();
      socket.write(
        Buffer.concat([Buffer.from(`${PIECE.length.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]),
        (failed) => {
          if (!failed) written += PIECE.length;
          next(failed);
        },
      );
    };
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (status === '') status = data.toString('latin1', 0, 12);
    });
    socket.on('close', () => resolve({ status, written }));
    const lines = Object.entries({ host: 'hub', ...headers, 'transfer-encoding': 'chunked' });
    socket.write(
      `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      next,
    );
  });
}
