import { z } from 'zod';

export const schema = z.strictObject({
  port: z.number().int().min(0).max(65_535).default(9464).describe('TCP port of the page /metrics; 0 takes any'),
  address: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address to listen on; beyond loopback everybody who reaches it may read'),
  spans: z.boolean().default(true).describe('spans of IKC calls, if @opentelemetry/api is installed'),
});

export type MetricsOptions = z.infer<typeof schema>;
