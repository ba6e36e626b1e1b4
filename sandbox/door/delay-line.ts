import type { Socket } from "node:net";

/** What travels over a line. */
type Parcel = Buffer | "end" | "reset";

/** Bytes on the way at which a line stops reading: more than a fast network holds during a long round trip. */
const mostOnTheWay = 16 * 1024 * 1024;

/**
 * Connects two sockets in one direction: bytes, the end and a reset arrive in order, each a fixed time after it was sent. Both sockets
 * must allow half-open connections.
 * @param delay in milliseconds
 * @param notBefore a time by `performance.now()`: what is sent earlier counts as sent then
 */
export function connectDelayed(from: Socket, to: Socket, delay: number, notBefore = 0): void {
  const waiting: { due: number; parcel: Parcel }[] = [];
  let onTheWay = 0;
  let timer: NodeJS.Timeout | undefined;

  const send = (parcel: Parcel): void => {
    waiting.push({ due: Math.max(performance.now(), notBefore) + delay, parcel });
    if (parcel instanceof Buffer) {
      onTheWay += parcel.length;
      if (onTheWay > mostOnTheWay) {
        from.pause();
      }
    }
    timer ??= setTimeout(deliver, delay);
  };
  const deliver = (): void => {
    timer = undefined;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const left = next.due - performance.now();
      // A timer may fire up to a millisecond early.
      if (left > 0) {
        timer = setTimeout(deliver, Math.ceil(left));
        return;
      }
      waiting.shift();
      arrive(next.parcel);
    }
  };
  const arrive = (parcel: Parcel): void => {
    if (parcel === "end") {
      to.end();
    } else if (parcel === "reset") {
      to.resetAndDestroy();
    } else {
      onTheWay -= parcel.length;
      if (!to.write(parcel)) {
        from.pause();
      } else if (onTheWay <= mostOnTheWay) {
        from.resume();
      }
    }
  };

  from.on("data", send);
  from.on("end", () => send("end"));
  from.on("error", () => send("reset"));
  to.on("drain", () => from.resume());
  to.on("close", () => clearTimeout(timer));
}
