export declare const sessionId: string
export declare function messageText(direction: 'in' | 'out', msgSeqNum: number): string
