/** Of `openapi.yaml`: a text that may be null. */
export const NULLABLE_TEXT = { type: 'string', nullable: true } as const
