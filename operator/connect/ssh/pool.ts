/**
 * Decides which requests go over a persistent connection, so that there are never more than a bound of them. Knows no process:
 * it hands out names of sockets and says which of them to close. Times are milliseconds of a clock that never goes back.
 *
 * Only a host that answered last time, and comes back before a connection would have ended by itself, gets one: to keep it costs half
 * as much again as to connect, and hosts that hang would keep places for as long as they hang. When all places are taken, it gets the place that was used longest ago, but only if it itself came by more recently:
 * else, with more hosts in rotation than places, each look would close the connection that the next one needs.
 */

export interface PoolLimits {
  readonly maxConnections: number;
  /** After so long without use a connection has ended by itself. */
  readonly idleMilliseconds: number;
  /** No connection is used beyond this age: its host may have moved to another address since. */
  readonly lifetimeMilliseconds: number;
}

/** The right to use the connection of a socket. */
export interface Place {
  readonly key: string;
  readonly socket: string;
  /** Whether the connection is there; else this request makes it. */
  readonly established: boolean;
}

/** A place, or none: then the request connects by itself. The connections of the sockets in `close` must end now. */
export interface Entry {
  readonly place?: Place;
  readonly close: readonly string[];
}

interface Connection extends Place {
  readonly since: number;
  lastUse: number;
  inUse: boolean;
  established: boolean;
}

export class ConnectionPool {
  readonly #limits: PoolLimits;
  /** In the order of their last use. */
  readonly #connections = new Map<string, Connection>();
  /** When a key was last seen, in that order; only what still matters. */
  readonly #seen = new Map<string, number>();
  #made = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  enter(key: string, now: number): Entry {
    const seenBefore = this.#seen.get(key) ?? -Infinity;
    this.#see(key, now);
    const current = this.#connections.get(key);
    // One request at a time: while a connection is being made others would race for its socket, and a request that the
    // host refuses takes the connection down for all.
    if (current?.inUse) return { close: [] };
    const { idleMilliseconds, lifetimeMilliseconds, maxConnections } = this.#limits;
    const isOpen = current && now - current.lastUse < idleMilliseconds;
    if (isOpen && now - current.since < lifetimeMilliseconds) return { place: this.#use(current, now), close: [] };
    if (now - seenBefore >= idleMilliseconds) {
      this.#connections.delete(key);
      return { close: current ? [current.socket] : [] };
    }
    const replaced = current ?? this.#replaceable(seenBefore);
    if (!replaced && this.#connections.size >= maxConnections) return { close: [] };
    if (replaced) this.#connections.delete(replaced.key);
    this.#made += 1;
    const connection = {
      key,
      socket: `c${this.#made}`,
      since: now,
      lastUse: now,
      inUse: false,
      established: false,
    };
    return { place: this.#use(connection, now), close: replaced ? [replaced.socket] : [] };
  }

  /** Gives a place back. One whose connection is not `sound` is handed out no more. Says which sockets to close. */
  leave(place: Place, now: number, sound: boolean): readonly string[] {
    const connection = place as Connection;
    connection.inUse = false;
    this.#connections.delete(connection.key);
    if (!sound) {
      this.forget(connection.key);
      return [connection.socket];
    }
    connection.established = true;
    connection.lastUse = now;
    this.#connections.set(connection.key, connection);
    return [];
  }

  /** There was no sound answer without a place either: the next request of the key gets none. */
  forget(key: string): void {
    this.#seen.delete(key);
  }

  #use(connection: Connection, now: number): Place {
    connection.inUse = true;
    connection.lastUse = now;
    this.#connections.delete(connection.key);
    this.#connections.set(connection.key, connection);
    return connection;
  }

  /** The connection used longest ago, when the pool is full and the newcomer, last seen at `seen`, is the better use of its place. */
  #replaceable(seen: number): Connection | undefined {
    if (this.#connections.size < this.#limits.maxConnections) return undefined;
    const oldest = [...this.#connections.values()].find(({ inUse }) => !inUse);
    return oldest && oldest.lastUse < seen ? oldest : undefined;
  }

  #see(key: string, now: number): void {
    this.#seen.delete(key);
    this.#seen.set(key, now);
    for (const [other, time] of this.#seen) {
      if (now - time < this.#limits.idleMilliseconds) return;
      this.#seen.delete(other);
    }
  }
}
