// The API's document as types, for the console's modules. `openapi-typescript` makes the first import from openapi.json
// (tests/console/package.json), so what the document does not say does not compile.

import type { components, paths } from "../../../target/console/openapi";

declare global {
  namespace Api {
    /** What is in the document's `components`: `Api.Schemas["Dashboard"]`. */
    type Schemas = components["schemas"];

    /** A page of a list. */
    interface Page<T> {
      count: number;
      next: string | null;
      previous: string | null;
      results: T[];
    }

    type Method = "get" | "post" | "patch" | "delete";

    /** The paths that have a method. */
    type PathsWith<M extends Method> = {
      [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
    }[keyof paths];

    type Operation<P, M extends Method> = P extends keyof paths ? paths[P][M] : never;

    /** What a success carries. */
    type Success<O> = O extends { responses: infer R }
      ? { [S in keyof R & (200 | 201 | 202)]: R[S] extends { content: { "application/json": infer T } } ? T : never }[keyof R &
          (200 | 201 | 202)]
      : never;

    type PathVariables<O> = O extends { parameters: { path: infer V } } ? { path: V } : { path?: undefined };
    type Query<O> = O extends { parameters: { query?: infer Q } } ? { query?: Q } : { query?: undefined };
    type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } }
      ? { body: B }
      : O extends { requestBody?: { content: { "application/json": infer B } } }
        ? { body?: B }
        : { body?: undefined };

    /** What any request may be given. */
    interface RequestOptions {
      signal?: AbortSignal;
      /** The `ETag` that a change is conditioned on. */
      ifMatch?: string | null;
      /** A key of one's own, to repeat what the page itself repeats. Each `POST` that makes something has one anyway. */
      idempotencyKey?: string;
      /** The media type to ask for in place of JSON. */
      accept?: string;
    }

    type Options<O> = RequestOptions & PathVariables<O> & Query<O> & Body<O>;

    /** The options, which may be left out where nothing in them is required. */
    type Arguments<O> = {} extends Options<O> ? [options?: Options<O>] : [options: Options<O>];

    interface Reply<T> {
      status: number;
      data: T;
      etag: string | null;
      location: string | null;
    }

    /** The client (`assets/api/client.js`). */
    interface Client {
      get<P extends PathsWith<"get">>(path: P, ...options: Arguments<Operation<P, "get">>): Promise<Reply<Success<Operation<P, "get">>>>;
      post<P extends PathsWith<"post">>(path: P, ...options: Arguments<Operation<P, "post">>): Promise<Reply<Success<Operation<P, "post">>>>;
      patch<P extends PathsWith<"patch">>(path: P, ...options: Arguments<Operation<P, "patch">>): Promise<Reply<Success<Operation<P, "patch">>>>;
      delete<P extends PathsWith<"delete">>(path: P, ...options: Arguments<Operation<P, "delete">>): Promise<Reply<undefined>>;
      /** A `GET` of bytes: a picture, a file. */
      getBlob<P extends PathsWith<"get">>(path: P, ...options: Arguments<Operation<P, "get">>): Promise<Reply<Blob>>;
      /** A `GET` that redirects: the link, which is good for minutes and needs no token. */
      getLink<P extends PathsWith<"get">>(path: P, ...options: Arguments<Operation<P, "get">>): Promise<Reply<string>>;
      /** A `POST` of bytes: rows as CSV. */
      postBlob<P extends PathsWith<"post">>(path: P, ...options: Arguments<Operation<P, "post">>): Promise<Reply<Blob>>;
    }
  }

  interface Window {
    /** https://www.w3.org/TR/trusted-types/: not in every browser. */
    trustedTypes?: {
      createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string };
    };
  }
}
