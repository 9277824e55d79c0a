/** Requests to services that are under way at once, and files that are worked on meanwhile. */
export const MOST_AT_ONCE = 8;
