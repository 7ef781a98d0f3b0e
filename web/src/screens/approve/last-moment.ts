/** The minute before a link ends: "until 5 December, 23:59" is said of one that ends at midnight. */
export const lastMoment = (expiresAt: string): string => new Date(Date.parse(expiresAt) - 60_000).toISOString()
