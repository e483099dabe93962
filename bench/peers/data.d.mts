export const steps: number;
export const batch: { x: number[][]; oneHot: number[][] };
export const mnistParameters: () => number[][][];
export const documentParameters: () => number[][][];
