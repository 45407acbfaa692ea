/**
 * All results of a list, a page at a time: for lists that fill a choice, not for those that people leaf through.
 *
 * @template T
 * @param {(query: { page: number, page_size: number }) => Promise<Api.Reply<Api.Page<T>>>} load
 * @returns {AsyncGenerator<T>}
 */
export async function* all(load) {
  for (let page = 1; ; page += 1) {
    const { data } = await load({ page, page_size: 100 });
    yield* data.results;
    if (data.next === null) return;
  }
}
