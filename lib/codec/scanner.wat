;; Finds whole messages and their fields in a stretch of bytes, 64 bytes at a time.
;;
;; It knows ordinary messages only. Where one is anything else (not whole, garbled, with a Length field, too long, too many
;; fields) it stops before it, and the plain way through framer and decoder goes on from there: what is wrong with a message
;; is said in one place. `npm run scanner` translates this file into scanner-bytes.ts; spec/codec/scanner.spec.ts holds both
;; ways equal.
;;
;; What makes it fast: no branch depends on a length that varies from field to field, because a branch that is predicted
;; wrongly costs as much as all the rest of a field. The SOHs of 64 bytes are the bits of one number, and up to eight digits
;; are read at once.
;;
;; Memory, see scanner.ts: the bytes, a table that is 1 for the tags of Length fields, records, and for each message its places
;; and cells. Reading up to 64 bytes beyond the bytes is harmless: there is memory before and behind them, and nothing there
;; becomes a part of a message.
(module
  (memory (export "memory") 8)
  (global $lengthTags i32 (i32.const 65600))  ;; 65,536 bytes
  (global $masks i32 (i32.const 131136))      ;; 16 bytes of 0, 16 bytes of 255
  (global $records i32 (i32.const 131168))    ;; four integers a message: start, end, first cell, number of fields

  (func $digit (param $at i32) (result i32)
    (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))

  ;; Three cells: tag, start and end of the value, counted from the start of the message.
  (func $store (param $cell i32) (param $tag i32) (param $start i32) (param $end i32)
    (i32.store (local.get $cell) (local.get $tag))
    (i32.store offset=4 (local.get $cell) (local.get $start))
    (i32.store offset=8 (local.get $cell) (local.get $end)))

  ;; Keeps the index of a field where there is none yet.
  (func $place (param $at i32) (param $index i32)
    (local $known i32)
    (local.set $known (i32.load8_u (local.get $at)))
    (i32.store8 (local.get $at) (select (local.get $known) (local.get $index) (local.get $known))))

  ;; A bit for each SOH of sixteen bytes.
  (func $sohs16 (param $at i32) (result i64)
    (i64.extend_i32_u (i8x16.bitmask
      (i8x16.eq (v128.load (local.get $at)) (v128.const i8x16 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1)))))

  ;; A bit for each SOH of 64 bytes.
  (func $sohs (param $at i32) (result i64)
    (i64.or
      (i64.or
        (call $sohs16 (local.get $at))
        (i64.shl (call $sohs16 (i32.add (local.get $at) (i32.const 16))) (i64.const 16)))
      (i64.or
        (i64.shl (call $sohs16 (i32.add (local.get $at) (i32.const 32))) (i64.const 32))
        (i64.shl (call $sohs16 (i32.add (local.get $at) (i32.const 48))) (i64.const 48)))))

  ;; The last `bits` / 8 of the digits in `word` alone, as numbers, 0 before them; `bits` is 8 to 64.
  (func $isNumber (param $digits i64) (result i32)
    (i64.eqz (i64.and
      (i64.or (local.get $digits) (i64.add (local.get $digits) (i64.const 0x7676767676767676)))
      (i64.const 0x8080808080808080))))

  ;; The value of eight bytes that are 0 to 9 each, the first in memory being the most significant.
  (func $number (param $digits i64) (result i32)
    (local.set $digits (i64.add
      (i64.mul (local.get $digits) (i64.const 10))
      (i64.shr_u (local.get $digits) (i64.const 8))))
    (i32.wrap_i64 (i64.shr_u
      (i64.add
        (i64.mul (i64.and (local.get $digits) (i64.const 0x000000ff000000ff)) (i64.const 0x000f424000000064))
        (i64.mul (i64.and (i64.shr_u (local.get $digits) (i64.const 16)) (i64.const 0x000000ff000000ff)) (i64.const 0x0000271000000001)))
      (i64.const 32))))

  ;; The sum, modulo 256, of the bytes in [from, to), of which there are sixteen or more.
  (func $sum (param $from i32) (param $to i32) (result i32)
    (local $sums v128)
    (loop $next
      (if (i32.le_u (i32.add (local.get $from) (i32.const 16)) (local.get $to))
        (then
          (local.set $sums (i8x16.add (local.get $sums) (v128.load (local.get $from))))
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (br $next))))
    ;; The last sixteen bytes once more, without those that were added already.
    (local.set $sums (i8x16.add (local.get $sums) (v128.and
      (v128.load (i32.sub (local.get $to) (i32.const 16)))
      (v128.load (i32.add (global.get $masks) (i32.sub (local.get $to) (local.get $from)))))))
    (local.set $sums (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $sums))))
    (i32.and
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums))))
      (i32.const 255)))

  ;; Scans [from, to); cells are written from `cell` to `cellsEnd`. Answers how many messages there are.
  (func (export "scan")
    (param $from i32) (param $to i32) (param $cell i32) (param $cellsEnd i32) (param $maxLength i32) (param $maxFields i32)
    (result i32)
    (local $count i32) (local $record i32) (local $firstCell i32) (local $at i32) (local $byte i32) (local $length i32)
    (local $field i32) (local $end i32) (local $tag i32) (local $soh i32) (local $block i32) (local $bits i32)
    (local $sohs i64) (local $word i64) (local $found i64) (local $four i32) (local $equals i32) (local $limit i32) (local $places i32) (local $index i32)
    (local.set $record (global.get $records))
    (block $stop
      (loop $message
        (br_if $stop (i32.gt_u (i32.add (local.get $from) (i32.const 32)) (local.get $to)))
        ;; The places: which of the first 48 fields is the first whose tag has those last six bits, 0 where none has.
        (local.set $places (local.get $cell))
        (local.set $cell (i32.add (local.get $cell) (i32.const 64)))
        ;; No cell is written beyond the end: the fields of this message have to fit.
        (local.set $limit (i32.add (local.get $cell) (i32.mul (local.get $maxFields) (i32.const 12))))
        (if (i32.gt_u (local.get $limit) (local.get $cellsEnd)) (then (local.set $limit (local.get $cellsEnd))))
        (br_if $stop (i32.gt_u (i32.add (local.get $cell) (i32.const 48)) (local.get $limit)))
        (local.set $firstCell (local.get $cell))
        (v128.store offset=0 (local.get $places) (v128.const i64x2 0 0))
        (v128.store offset=16 (local.get $places) (v128.const i64x2 0 0))
        (v128.store offset=32 (local.get $places) (v128.const i64x2 0 0))
        (v128.store offset=48 (local.get $places) (v128.const i64x2 0 0))
        (local.set $index (i32.const 2))

        (local.set $block (local.get $from))
        (local.set $sohs (call $sohs (local.get $block)))

        ;; 8=..., at most fourteen characters
        (br_if $stop (i32.ne (i32.load16_u (local.get $from)) (i32.const 0x3d38)))
        (local.set $length (i32.wrap_i64 (i64.ctz (local.get $sohs))))
        (br_if $stop (i32.gt_u (local.get $length) (i32.const 16)))
        (local.set $sohs (i64.and (local.get $sohs) (i64.sub (local.get $sohs) (i64.const 1))))
        (call $store (local.get $cell) (i32.const 8) (i32.const 2) (local.get $length))

        ;; 9=..., up to seven digits
        (local.set $at (i32.add (local.get $from) (local.get $length)))
        (br_if $stop (i32.ne (i32.load16_u offset=1 (local.get $at)) (i32.const 0x3d39)))
        (local.set $field (i32.add (local.get $at) (i32.const 3)))
        (local.set $soh (i32.add (local.get $from) (i32.wrap_i64 (i64.ctz (local.get $sohs)))))
        (local.set $sohs (i64.and (local.get $sohs) (i64.sub (local.get $sohs) (i64.const 1))))
        (local.set $length (i32.sub (local.get $soh) (local.get $field)))
        (br_if $stop (i32.gt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 6)))
        (local.set $word (i64.shl
          (i64.xor (i64.load (local.get $field)) (i64.const 0x3030303030303030))
          (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3))))))
        (br_if $stop (i32.eqz (call $isNumber (local.get $word))))
        (local.set $length (call $number (local.get $word)))
        (call $store (i32.add (local.get $cell) (i32.const 12)) (i32.const 9)
          (i32.sub (local.get $field) (local.get $from)) (i32.sub (local.get $soh) (local.get $from)))
        (local.set $cell (i32.add (local.get $cell) (i32.const 24)))

        ;; The length leads to SOH, 10= and the three digits of the sum, and there is a body.
        (local.set $field (i32.add (local.get $soh) (i32.const 1)))
        (local.set $end (i32.add (local.get $field) (local.get $length)))
        (br_if $stop (i32.lt_u (local.get $length) (i32.const 5)))
        (br_if $stop (i32.gt_u (i32.add (local.get $end) (i32.const 7)) (local.get $to)))
        (br_if $stop (i32.gt_u (i32.sub (i32.add (local.get $end) (i32.const 7)) (local.get $from)) (local.get $maxLength)))
        (br_if $stop (i32.ne (i32.load (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x3d303101)))
        (br_if $stop (i32.ne (i32.load8_u offset=6 (local.get $end)) (i32.const 1)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 9)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 5))) (i32.const 9)))
        (local.set $byte (i32.add
          (i32.add
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 3))) (i32.const 100))
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 10)))
          (call $digit (i32.add (local.get $end) (i32.const 5)))))
        (br_if $stop (i32.ne (call $sum (local.get $from) (local.get $end)) (local.get $byte)))

        ;; The fields of the body: each ends at the next SOH.
        (block $done
          (loop $nextBlock
            (block $blockDone
              (loop $nextField
                (br_if $blockDone (i64.eqz (local.get $sohs)))
                (local.set $soh (i32.add (local.get $block) (i32.wrap_i64 (i64.ctz (local.get $sohs)))))
                (local.set $sohs (i64.and (local.get $sohs) (i64.sub (local.get $sohs) (i64.const 1))))
                ;; The tag: no leading zero, then =. The lowest bit of `equals` is that of the first = of four bytes.
                (local.set $four (i32.load (local.get $field)))
                (br_if $stop (i32.gt_u
                  (i32.sub (i32.and (local.get $four) (i32.const 0xff)) (i32.const 0x31))
                  (i32.const 8)))
                (local.set $equals (i32.xor (local.get $four) (i32.const 0x3d3d3d3d)))
                (local.set $equals (i32.and
                  (i32.and
                    (i32.sub (local.get $equals) (i32.const 0x01010101))
                    (i32.xor (local.get $equals) (i32.const -1)))
                  (i32.const 0x80808080)))
                (if (local.get $equals)
                  (then
                    ;; Up to three digits, as most tags have.
                    (local.set $bits (i32.and (i32.ctz (local.get $equals)) (i32.const 0x18)))
                    (local.set $four (i32.shl
                      (i32.xor (local.get $four) (i32.const 0x30303030))
                      (i32.sub (i32.const 32) (local.get $bits))))
                    (br_if $stop (i32.and
                      (i32.or (local.get $four) (i32.add (local.get $four) (i32.const 0x76767676)))
                      (i32.const 0x80808080)))
                    (local.set $four (i32.add
                      (i32.mul (local.get $four) (i32.const 10))
                      (i32.shr_u (local.get $four) (i32.const 8))))
                    (local.set $tag (i32.add
                      (i32.mul (i32.and (local.get $four) (i32.const 0xff)) (i32.const 100))
                      (i32.and (i32.shr_u (local.get $four) (i32.const 16)) (i32.const 0xff)))))
                  (else
                    ;; Up to seven.
                    (local.set $word (i64.load (local.get $field)))
                    (local.set $found (i64.xor (local.get $word) (i64.const 0x3d3d3d3d3d3d3d3d)))
                    (local.set $found (i64.and
                      (i64.and
                        (i64.sub (local.get $found) (i64.const 0x0101010101010101))
                        (i64.xor (local.get $found) (i64.const -1)))
                      (i64.const 0x8080808080808080)))
                    (br_if $stop (i64.eqz (local.get $found)))
                    (local.set $bits (i32.and (i32.wrap_i64 (i64.ctz (local.get $found))) (i32.const 0x38)))
                    (local.set $word (i64.shl
                      (i64.xor (local.get $word) (i64.const 0x3030303030303030))
                      (i64.extend_i32_u (i32.sub (i32.const 64) (local.get $bits)))))
                    (br_if $stop (i32.eqz (call $isNumber (local.get $word))))
                    (local.set $tag (call $number (local.get $word)))))
                (if (i32.lt_u (local.get $tag) (i32.const 65536))
                  (then (br_if $stop (i32.load8_u (i32.add (global.get $lengthTags) (local.get $tag))))))
                ;; One cell is left for CheckSum(10).
                (br_if $stop (i32.gt_u (i32.add (local.get $cell) (i32.const 24)) (local.get $limit)))
                (call $store (local.get $cell) (local.get $tag)
                  (i32.sub
                    (i32.add (local.get $field) (i32.add (i32.shr_u (local.get $bits) (i32.const 3)) (i32.const 1)))
                    (local.get $from))
                  (i32.sub (local.get $soh) (local.get $from)))
                (if (i32.lt_u (local.get $index) (i32.const 48))
                  (then (call $place (i32.add (local.get $places) (i32.and (local.get $tag) (i32.const 63))) (local.get $index))))
                (local.set $index (i32.add (local.get $index) (i32.const 1)))
                (local.set $cell (i32.add (local.get $cell) (i32.const 12)))
                (local.set $field (i32.add (local.get $soh) (i32.const 1)))
                (br_if $done (i32.eq (local.get $field) (local.get $end)))
                (br $nextField)))
            (local.set $block (i32.add (local.get $block) (i32.const 64)))
            (local.set $sohs (call $sohs (local.get $block)))
            (br $nextBlock)))
        ;; MsgType(35) comes third.
        (br_if $stop (i32.ne (i32.load offset=24 (local.get $firstCell)) (i32.const 35)))
        (call $store (local.get $cell) (i32.const 10)
          (i32.sub (i32.add (local.get $end) (i32.const 3)) (local.get $from))
          (i32.sub (i32.add (local.get $end) (i32.const 6)) (local.get $from)))
        (local.set $cell (i32.add (local.get $cell) (i32.const 12)))

        (i32.store (local.get $record) (local.get $from))
        (local.set $from (i32.add (local.get $end) (i32.const 7)))
        (i32.store offset=4 (local.get $record) (local.get $from))
        (i32.store offset=8 (local.get $record) (local.get $firstCell))
        (i32.store offset=12 (local.get $record) (i32.div_u (i32.sub (local.get $cell) (local.get $firstCell)) (i32.const 12)))
        (local.set $record (i32.add (local.get $record) (i32.const 16)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $message)))
    (local.get $count)))
