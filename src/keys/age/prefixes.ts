/** What stands before the separator of an X25519 recipient, in Bech32. */
export const X25519_PREFIX = 'age';
/** What stands before the separator of a hybrid recipient, in Bech32. */
export const HYBRID_PREFIX = 'age1pq';
/** What stands before the separator of an X25519 identity, in Bech32. */
export const X25519_IDENTITY_PREFIX = 'age-secret-key-';
/** What stands before the separator of a hybrid identity, in Bech32. */
export const HYBRID_IDENTITY_PREFIX = 'age-secret-key-pq-';
