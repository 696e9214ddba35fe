/** Where things stand in Kafka's record batches, format 2 (KIP-98), and the bits of their attributes. */
export const HEADER_BYTES = 61;
export const AT_LENGTH = 8;
export const AT_MAGIC = 16;
export const AT_CRC = 17;
export const AT_ATTRIBUTES = 21;
export const AT_LAST_DELTA = 23;
export const AT_FIRST_TIME = 27;
export const AT_PRODUCER_ID = 43;
export const AT_PRODUCER_EPOCH = 51;
export const AT_SEQUENCE = 53;
export const AT_COUNT = 57;
export const MAGIC = 2;
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;
export const COMPRESSION = 0x07;
/** Before the length of a batch can be counted from: base offset and the length itself. */
export const LENGTH_FROM = 12;
