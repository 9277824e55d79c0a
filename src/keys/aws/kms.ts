/** What is used of the SDK, by name: a program that is one file need not hold, and load, the rest of it. */
export { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
