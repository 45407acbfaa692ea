/**
 * A list from its end: the API lists by ascending ID, and of what happened people look for the last.
 */

/**
 * A page of the list, the newest first, put together from the two of the API's pages that it may reach into.
 *
 * @template T
 * @param {(query: { page: number, page_size: number }) => Promise<Api.Reply<Api.Page<T>>>} load
 * @param {number} page  Counted from 1, from the end.
 * @param {number} size
 * @returns {Promise<{ count: number, results: T[] }>}
 */
export async function newestFirst(load, page, size) {
  const first = (await load({ page: 1, page_size: size })).data;
  const { count } = first;
  const end = Math.max(count - (page - 1) * size, 0);
  const begin = Math.max(end - size, 0);
  if (count <= size) return { count, results: page === 1 ? first.results.toReversed() : [] };
  const numbers = [...new Set([Math.floor(begin / size) + 1, Math.floor(Math.max(end - 1, begin) / size) + 1])];
  const pages = await Promise.all(numbers.map(async (number) => (number === 1 ? first : (await load({ page: number, page_size: size })).data)));
  const results = pages.flatMap((one) => one.results);
  const offset = (numbers[0] - 1) * size;
  return { count, results: results.slice(begin - offset, end - offset).toReversed() };
}
