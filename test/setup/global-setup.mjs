// Jest loads its global setup without the transform of the tests; tsx does it here.
import { tsImport } from 'tsx/esm/api';

export default async () => (await tsImport('./global-setup.ts', import.meta.url)).default();
