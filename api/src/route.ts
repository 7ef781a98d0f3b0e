import type { z } from 'zod'
import type { Right } from './rights.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One path of the API as data. The server checks by it, OpenAPI and the typed client are made from it. */
export interface Route {
  /** Verb and noun: `list-customers`. */
  readonly id: string
  readonly method: Method
  /** Below `/api/v1`; parameters as `{id}`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  /** `anyone` needs no session; `user` a signed-in person, no firm; else the right in the firm that the session or key names. */
  readonly access: 'anyone' | 'user' | Right
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  /** Of a good answer; 200 when left out. */
  readonly status?: 200 | 201 | 202 | 204
  /** Needs `If-Match: "<version>"`. */
  readonly versioned?: boolean
  /** Answers a stream of events instead of JSON. */
  readonly stream?: boolean
  /** The body is a file: its bytes, with their media type in the header; no `body` then. */
  readonly takes?: 'bytes'
  /** Answers a file instead of JSON; no `answer` then. */
  readonly gives?: 'bytes'
}

/** The longest file a route takes: 10 MB. */
export const mostBytes = 10 * 1024 * 1024

/** Keeps the literal types of a route table, so that every handler is checked against it. */
export const routes = <const T extends Record<string, Route>>(table: T): T => table

export type ParamsOf<R extends Route> = R['params'] extends z.ZodType ? z.output<R['params']> : Record<string, never>
export type QueryOf<R extends Route> = R['query'] extends z.ZodType ? z.output<R['query']> : Record<string, never>
export type BodyOf<R extends Route> = R['body'] extends z.ZodType
  ? z.output<R['body']>
  : R['takes'] extends 'bytes'
    ? Uint8Array
    : undefined
/** A file as a route answers it: `fileName` is what a person saves it as. */
export interface FileAnswer {
  readonly mediaType: string
  readonly fileName: string
  /** Shown in the browser; saved when left out. */
  readonly inline?: boolean
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array | string>
}
export type AnswerOf<R extends Route> = R['answer'] extends z.ZodType
  ? z.input<R['answer']>
  : R['gives'] extends 'bytes'
    ? FileAnswer
    : undefined
