/** A page of something that is indexed, as Programmable Chat's library gives it. */
export class Paginator<T extends { index: number }> {
  readonly items: T[];
  readonly hasPrevPage: boolean;
  readonly hasNextPage: boolean;
  readonly prevPage: () => Promise<Paginator<T>>;
  readonly nextPage: () => Promise<Paginator<T>>;

  private constructor(items: T[], prev: (() => Promise<Paginator<T>>) | null, next: (() => Promise<Paginator<T>>) | null) {
    this.items = items;
    this.hasPrevPage = prev !== null;
    this.hasNextPage = next !== null;
    this.prevPage = prev ?? (() => Promise.reject(new Error("There is no earlier page.")));
    this.nextPage = next ?? (() => Promise.reject(new Error("There is no later page.")));
  }

  /** The last `size` of `all` whose index is below `end`. */
  static of<T extends { index: number }>(
    all: T[],
    end: number,
    size: number,
    page: (end: number) => Promise<Paginator<T>>,
  ): Paginator<T> {
    const before = all.filter((one) => one.index < end);
    const items = before.slice(-size);
    const first = items[0];
    const prev = first && before.length > items.length ? () => page(first.index) : null;
    const next = all.some((one) => one.index >= end) ? () => page(end + size) : null;
    return new Paginator(items, prev, next);
  }
}
