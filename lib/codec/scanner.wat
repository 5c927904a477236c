;; Finds whole messages and their fields in a stretch of bytes.
;;
;; It knows ordinary messages only. Where one is anything else (not whole, garbled, with a Length field, too long, too many
;; fields) it stops before it, and the plain way through framer and decoder goes on from there: what is wrong with a message
;; is said in one place. `npm run scanner` translates this file into scanner-bytes.ts; spec/codec/scanner.spec.ts holds both
;; ways equal.
;;
;; What makes it fast:
;; - The SOHs of 64 bytes are the bits of one number. No branch depends on the length of a field: one that is predicted
;;   wrongly costs as much as all the rest of a field.
;; - A counterparty sends the tags of a message type in the same order again and again. So the order in which they came last
;;   is kept, the message's shape: where the next message has it too, its tags are compared, four at a time, and not read.
;;
;; Memory, see scanner.ts: the bytes, a table that is 1 for the tags of Length fields, records, shapes, and for each message
;; where it begins, its places and cells: tags in one region, where values start in the next, where they end in the third. Reading up to 64
;; bytes beyond the bytes is harmless: there is memory before and behind them, and nothing there becomes a part of a message.
(module
  (import "gapfill" "memory" (memory 32))
  (global $lengthTags i32 (i32.const 65600))  ;; 65,536 bytes
  (global $masks i32 (i32.const 131136))      ;; 64 bytes of 255, 64 bytes of 0
  (global $records i32 (i32.const 131264))    ;; five integers a message: start, end, first cell, number of fields, shape
  (global $shapes i32 (i32.const 229376))     ;; 64 shapes of 16,384 bytes, see $shapeOf
  ;; Cells are 262,144 bytes a region; offset=262144 is the start of a value, offset=524288 its end.

  ;; The sum of all bytes that $ends has seen, modulo 256.
  (global $sum (mut i32) (i32.const 0))
  ;; Goes up with each shape that is learnt.
  (global $lastShape (mut i32) (i32.const 0))

  (func $digit (param $at i32) (result i32)
    (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))

  ;; A bit for each SOH of sixteen bytes.
  (func $sohs16 (param $bytes v128) (result i64)
    (i64.extend_i32_u (i8x16.bitmask
      (i8x16.eq (local.get $bytes) (v128.const i8x16 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1)))))

  ;; A bit for each SOH of 64 bytes.
  (func $sohs (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result i64)
    (i64.or
      (i64.or (call $sohs16 (local.get $a)) (i64.shl (call $sohs16 (local.get $b)) (i64.const 16)))
      (i64.or
        (i64.shl (call $sohs16 (local.get $c)) (i64.const 32))
        (i64.shl (call $sohs16 (local.get $d)) (i64.const 48)))))

  (func $withoutLowest (param $bits i64) (result i64)
    (i64.and (local.get $bits) (i64.sub (local.get $bits) (i64.const 1))))

  ;; The position of the lowest bit, of which there should be one.
  (func $position (param $offset i32) (param $bits i64) (result i32)
    (i32.add (local.get $offset) (i32.wrap_i64 (i64.ctz (local.get $bits)))))

  ;; Only digits, 0 to 9 each?
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

  ;; Writes where the fields in [from, end) end, counted from `from`, from `at` on, and their sum into $sum. Answers where the
  ;; list ends; 0 when there is no room for it before `limit`.
  (func $ends (param $from i32) (param $end i32) (param $at i32) (param $limit i32) (result i32)
    (local $block i32) (local $offset i32) (local $mask i32) (local $bits i64) (local $count i32) (local $next i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $sums v128)
    (local.set $block (local.get $from))
    (loop $nextBlock
      ;; 64 positions, and some that are written without need.
      (if (i32.gt_u (i32.add (local.get $at) (i32.const 320)) (local.get $limit)) (then (return (i32.const 0))))
      (local.set $offset (i32.sub (local.get $block) (local.get $from)))
      ;; What lies behind the end counts as zeros.
      (local.set $mask (i32.sub (local.get $end) (local.get $block)))
      (local.set $mask (i32.sub
        (i32.add (global.get $masks) (i32.const 64))
        (select (local.get $mask) (i32.const 64) (i32.lt_u (local.get $mask) (i32.const 64)))))
      (local.set $a (v128.and (v128.load offset=0 (local.get $block)) (v128.load offset=0 (local.get $mask))))
      (local.set $b (v128.and (v128.load offset=16 (local.get $block)) (v128.load offset=16 (local.get $mask))))
      (local.set $c (v128.and (v128.load offset=32 (local.get $block)) (v128.load offset=32 (local.get $mask))))
      (local.set $d (v128.and (v128.load offset=48 (local.get $block)) (v128.load offset=48 (local.get $mask))))
      (local.set $sums (i8x16.add (local.get $sums)
        (i8x16.add (i8x16.add (local.get $a) (local.get $b)) (i8x16.add (local.get $c) (local.get $d)))))
      (local.set $bits (call $sohs (local.get $a) (local.get $b) (local.get $c) (local.get $d)))
      (local.set $count (i32.wrap_i64 (i64.popcnt (local.get $bits))))
      (local.set $next (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
      ;; Eight, which is as many as most have; what is written without need is written over.
      (i32.store (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=4 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=8 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=12 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=16 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=20 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=24 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (i32.store offset=28 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
      (local.set $bits (call $withoutLowest (local.get $bits)))
      (if (i32.eqz (i64.eqz (local.get $bits)))
        (then
          (loop $more
            (i32.store offset=32 (local.get $at) (call $position (local.get $offset) (local.get $bits)))
            (local.set $bits (call $withoutLowest (local.get $bits)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br_if $more (i32.eqz (i64.eqz (local.get $bits)))))))
      (local.set $at (local.get $next))
      (local.set $block (i32.add (local.get $block) (i32.const 64)))
      (br_if $nextBlock (i32.lt_u (local.get $block) (local.get $end))))
    (local.set $sums (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $sums))))
    (global.set $sum (i32.and
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums))))
      (i32.const 255)))
    (local.get $at))

  ;; Where the shape of messages of the type whose text begins at `at` is kept. It knows up to 640 fields, by their index:
  ;;   0      eight bytes each, `tag=` and zeros
  ;;   5120   eight bytes each, 255 for each character of `tag=`
  ;;   10240  the tags
  ;;   12800  the lengths of `tag=`, and one
  ;;   15360  the places of a message that has all of them
  ;;   15424  the shape's number
  ;;   15428  how many fields are known
  (func $shapeOf (param $at i32) (result i32)
    (i32.add (global.get $shapes) (i32.shl
      (i32.and
        (i32.add (i32.load8_u (local.get $at)) (i32.mul (i32.sub (i32.load8_u offset=1 (local.get $at)) (i32.const 1)) (i32.const 7)))
        (i32.const 63))
      (i32.const 14))))

  ;; True when the four fields from the one at `cell` on have the tags of the shape; where their values begin is then known.
  ;; `known` is four times the index of the first.
  (func $isKnown (param $from i32) (param $cell i32) (param $shape i32) (param $known i32) (result i32)
    (local $words i32)
    (local.set $words (i32.add (local.get $shape) (i32.shl (local.get $known) (i32.const 1))))
    (local.set $known (i32.add (local.get $shape) (local.get $known)))
    (if (v128.any_true (v128.or
        (v128.xor
          (v128.and
            (v128.load64_lane offset=1 1
              (i32.add (local.get $from) (i32.load offset=524288 (local.get $cell)))
              (v128.load64_zero offset=1 (i32.add (local.get $from) (i32.load offset=524284 (local.get $cell)))))
            (v128.load offset=5120 (local.get $words)))
          (v128.load (local.get $words)))
        (v128.xor
          (v128.and
            (v128.load64_lane offset=1 1
              (i32.add (local.get $from) (i32.load offset=524296 (local.get $cell)))
              (v128.load64_zero offset=1 (i32.add (local.get $from) (i32.load offset=524292 (local.get $cell)))))
            (v128.load offset=5136 (local.get $words)))
          (v128.load offset=16 (local.get $words)))))
      (then (return (i32.const 0))))
    (v128.store (local.get $cell) (v128.load offset=10240 (local.get $known)))
    (v128.store offset=262144 (local.get $cell) (i32x4.add
      (v128.load offset=524284 (local.get $cell))
      (v128.load offset=12800 (local.get $known))))
    (i32.const 1))

  ;; Reads the tag of the field with this index, and makes it a part of the shape. False when it is no ordinary field.
  (func $learn (param $from i32) (param $cell i32) (param $shape i32) (param $index i32) (result i32)
    (local $field i32) (local $word i64) (local $equals i64) (local $bits i32) (local $digits i64) (local $tag i32)
    (local.set $field (i32.add (i32.add (local.get $from) (i32.load offset=524284 (local.get $cell))) (i32.const 1)))
    ;; The tag: no leading zero, up to seven digits, then =. The lowest bit of `equals` is that of the first =.
    (if (i32.gt_u (i32.sub (i32.load8_u (local.get $field)) (i32.const 0x31)) (i32.const 8)) (then (return (i32.const 0))))
    (local.set $word (i64.load (local.get $field)))
    (local.set $equals (i64.xor (local.get $word) (i64.const 0x3d3d3d3d3d3d3d3d)))
    (local.set $equals (i64.and
      (i64.and
        (i64.sub (local.get $equals) (i64.const 0x0101010101010101))
        (i64.xor (local.get $equals) (i64.const -1)))
      (i64.const 0x8080808080808080)))
    (if (i64.eqz (local.get $equals)) (then (return (i32.const 0))))
    (local.set $bits (i32.and (i32.wrap_i64 (i64.ctz (local.get $equals))) (i32.const 0x38)))
    (local.set $digits (i64.shl
      (i64.xor (local.get $word) (i64.const 0x3030303030303030))
      (i64.extend_i32_u (i32.sub (i32.const 64) (local.get $bits)))))
    (if (i32.eqz (call $isNumber (local.get $digits))) (then (return (i32.const 0))))
    (local.set $tag (call $number (local.get $digits)))
    (if (i32.lt_u (local.get $tag) (i32.const 65536))
      (then (if (i32.load8_u (i32.add (global.get $lengthTags) (local.get $tag))) (then (return (i32.const 0))))))
    (i32.store (local.get $cell) (local.get $tag))
    (i32.store offset=262144 (local.get $cell)
      (i32.sub (i32.add (local.get $field) (i32.add (i32.shr_u (local.get $bits) (i32.const 3)) (i32.const 1))) (local.get $from)))
    (if (i32.lt_u (local.get $index) (i32.const 640))
      (then
        (local.set $digits (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.sub (i32.const 56) (local.get $bits)))))
        (i64.store (i32.add (local.get $shape) (i32.shl (local.get $index) (i32.const 3))) (i64.and (local.get $word) (local.get $digits)))
        (i64.store offset=5120 (i32.add (local.get $shape) (i32.shl (local.get $index) (i32.const 3))) (local.get $digits))
        (i32.store offset=10240 (i32.add (local.get $shape) (i32.shl (local.get $index) (i32.const 2))) (local.get $tag))
        (i32.store offset=12800 (i32.add (local.get $shape) (i32.shl (local.get $index) (i32.const 2)))
          (i32.add (i32.shr_u (local.get $bits) (i32.const 3)) (i32.const 2)))))
    (i32.const 1))

  ;; Writes which of the first 48 fields is the first whose tag has these last six bits, 0 where none has.
  (func $places (param $at i32) (param $tags i32) (param $count i32)
    (v128.store offset=0 (local.get $at) (v128.const i64x2 0 0))
    (v128.store offset=16 (local.get $at) (v128.const i64x2 0 0))
    (v128.store offset=32 (local.get $at) (v128.const i64x2 0 0))
    (v128.store offset=48 (local.get $at) (v128.const i64x2 0 0))
    (local.set $count (select (local.get $count) (i32.const 48) (i32.lt_u (local.get $count) (i32.const 48))))
    ;; From the last one to MsgType(35), so that the first stays.
    (loop $next
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (i32.store8
        (i32.add (local.get $at)
          (i32.and (i32.load (i32.add (local.get $tags) (i32.shl (local.get $count) (i32.const 2)))) (i32.const 63)))
        (local.get $count))
      (br_if $next (i32.gt_u (local.get $count) (i32.const 2)))))

  (func $copyPlaces (param $to i32) (param $from i32)
    (v128.store offset=0 (local.get $to) (v128.load offset=0 (local.get $from)))
    (v128.store offset=16 (local.get $to) (v128.load offset=16 (local.get $from)))
    (v128.store offset=32 (local.get $to) (v128.load offset=32 (local.get $from)))
    (v128.store offset=48 (local.get $to) (v128.load offset=48 (local.get $from))))

  ;; Scans [from, to); tags are written from `cell` to `cellsEnd`. Answers how many messages there are.
  (func (export "scan")
    (param $from i32) (param $to i32) (param $cell i32) (param $cellsEnd i32) (param $maxLength i32) (param $maxFields i32)
    (result i32)
    (local $messages i32) (local $record i32) (local $places i32) (local $at i32) (local $length i32) (local $soh i32)
    (local $sohs i64) (local $word i64) (local $field i32) (local $end i32) (local $byte i32) (local $count i32)
    (local $shape i32) (local $known i32) (local $index i32) (local $number i32)
    (local.set $record (global.get $records))
    (block $stop
      (loop $message
        (br_if $stop (i32.gt_u (i32.add (local.get $from) (i32.const 32)) (local.get $to)))
        (local.set $places (i32.add (local.get $cell) (i32.const 4)))
        (local.set $cell (i32.add (local.get $cell) (i32.const 68)))
        (br_if $stop (i32.gt_u (i32.add (local.get $cell) (i32.const 8)) (local.get $cellsEnd)))
        (i32.store (i32.sub (local.get $places) (i32.const 4)) (local.get $from))

        ;; 8=..., at most fourteen characters
        (br_if $stop (i32.ne (i32.load16_u (local.get $from)) (i32.const 0x3d38)))
        (local.set $sohs (i64.or
          (call $sohs16 (v128.load (local.get $from)))
          (i64.shl (call $sohs16 (v128.load offset=16 (local.get $from))) (i64.const 16))))
        (local.set $length (i32.wrap_i64 (i64.ctz (local.get $sohs))))
        (br_if $stop (i32.gt_u (local.get $length) (i32.const 16)))

        ;; 9=..., up to seven digits
        (local.set $at (i32.add (local.get $from) (local.get $length)))
        (br_if $stop (i32.ne (i32.load16_u offset=1 (local.get $at)) (i32.const 0x3d39)))
        (local.set $field (i32.add (local.get $at) (i32.const 3)))
        (local.set $soh (i32.add (local.get $from) (i32.wrap_i64 (i64.ctz (call $withoutLowest (local.get $sohs))))))
        (local.set $length (i32.sub (local.get $soh) (local.get $field)))
        (br_if $stop (i32.gt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 6)))
        (local.set $word (i64.shl
          (i64.xor (i64.load (local.get $field)) (i64.const 0x3030303030303030))
          (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3))))))
        (br_if $stop (i32.eqz (call $isNumber (local.get $word))))
        (local.set $length (call $number (local.get $word)))
        (i32.store (local.get $cell) (i32.const 8))
        (i32.store offset=262144 (local.get $cell) (i32.const 2))
        (i32.store offset=4 (local.get $cell) (i32.const 9))
        (i32.store offset=262148 (local.get $cell) (i32.sub (local.get $field) (local.get $from)))

        ;; The length leads to SOH, 10= and the three digits of the sum, and there is a body, which begins with MsgType(35).
        (local.set $field (i32.add (local.get $soh) (i32.const 1)))
        (local.set $end (i32.add (local.get $field) (local.get $length)))
        (br_if $stop (i32.lt_u (local.get $length) (i32.const 5)))
        (br_if $stop (i32.gt_u (i32.add (local.get $end) (i32.const 7)) (local.get $to)))
        (br_if $stop (i32.gt_u (i32.sub (i32.add (local.get $end) (i32.const 7)) (local.get $from)) (local.get $maxLength)))
        (br_if $stop (i32.ne (i32.load (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x3d303101)))
        (br_if $stop (i32.ne (i32.load8_u offset=6 (local.get $end)) (i32.const 1)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 9)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 5))) (i32.const 9)))
        (br_if $stop (i32.ne (i32.and (i32.load (local.get $field)) (i32.const 0xffffff)) (i32.const 0x3d3533)))
        (local.set $byte (i32.add
          (i32.add
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 3))) (i32.const 100))
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 10)))
          (call $digit (i32.add (local.get $end) (i32.const 5)))))

        ;; How many fields there are before CheckSum(10), and where they end; and the sum is right.
        (local.set $count (call $ends
          (local.get $from)
          (local.get $end)
          (i32.add (local.get $cell) (i32.const 524288))
          (i32.add (local.get $cellsEnd) (i32.const 524288))))
        (br_if $stop (i32.eqz (local.get $count)))
        (br_if $stop (i32.ne (global.get $sum) (local.get $byte)))
        (local.set $count (i32.shr_u
          (i32.sub (local.get $count) (i32.add (local.get $cell) (i32.const 524288)))
          (i32.const 2)))
        (br_if $stop (i32.ge_u (local.get $count) (local.get $maxFields)))

        ;; Their tags, four at a time as long as they are those of the shape. The last four may overlap those before.
        (local.set $shape (call $shapeOf (i32.add (local.get $field) (i32.const 3))))
        (local.set $known (i32.load offset=15428 (local.get $shape)))
        (local.set $index (i32.const 2))
        (block $unknown
          (loop $nextFour
            (local.set $at (i32.add (local.get $index) (i32.const 4)))
            (if (i32.gt_u (local.get $at) (local.get $count))
              (then
                (local.set $index (i32.sub (local.get $count) (i32.const 4)))
                (br_if $unknown (i32.lt_s (local.get $index) (i32.const 2)))
                (local.set $at (local.get $count))))
            (br_if $unknown (i32.gt_u (local.get $at) (local.get $known)))
            (br_if $unknown (i32.eqz (call $isKnown
              (local.get $from)
              (i32.add (local.get $cell) (i32.shl (local.get $index) (i32.const 2)))
              (local.get $shape)
              (i32.shl (local.get $index) (i32.const 2)))))
            (local.set $index (local.get $at))
            (br_if $nextFour (i32.lt_u (local.get $index) (local.get $count)))))
        (local.set $number (i32.load offset=15424 (local.get $shape)))
        (if (i32.lt_s (local.get $index) (local.get $count))
          (then
            ;; The shape is another one from here on.
            (if (i32.lt_s (local.get $index) (i32.const 2)) (then (local.set $index (i32.const 2))))
            (if (i32.gt_u (local.get $known) (local.get $index))
              (then (i32.store offset=15428 (local.get $shape) (local.get $index))))
            (loop $nextField
              (br_if $stop (i32.eqz (call $learn
                (local.get $from)
                (i32.add (local.get $cell) (i32.shl (local.get $index) (i32.const 2)))
                (local.get $shape)
                (local.get $index))))
              (local.set $index (i32.add (local.get $index) (i32.const 1)))
              (br_if $nextField (i32.lt_u (local.get $index) (local.get $count))))
            (local.set $known (select (local.get $count) (i32.const 640) (i32.lt_u (local.get $count) (i32.const 640))))
            (i32.store offset=15428 (local.get $shape) (local.get $known))
            (global.set $lastShape (i32.add (global.get $lastShape) (i32.const 1)))
            (local.set $number (global.get $lastShape))
            (i32.store offset=15424 (local.get $shape) (local.get $number))
            (if (i32.gt_u (local.get $count) (local.get $known)) (then (local.set $number (i32.const 0))))
            (call $places (local.get $places) (local.get $cell) (local.get $count))
            (call $copyPlaces (i32.add (local.get $shape) (i32.const 15360)) (local.get $places)))
          (else
            ;; A message with fewer fields has places of its own.
            (if (i32.or (i32.ge_u (local.get $count) (i32.const 48)) (i32.eq (local.get $count) (local.get $known)))
              (then (call $copyPlaces (local.get $places) (i32.add (local.get $shape) (i32.const 15360))))
              (else (call $places (local.get $places) (local.get $cell) (local.get $count))))))

        (local.set $at (i32.add (local.get $cell) (i32.shl (local.get $count) (i32.const 2))))
        (i32.store (local.get $at) (i32.const 10))
        (i32.store offset=262144 (local.get $at) (i32.sub (i32.add (local.get $end) (i32.const 3)) (local.get $from)))
        (i32.store offset=524288 (local.get $at) (i32.sub (i32.add (local.get $end) (i32.const 6)) (local.get $from)))

        (i32.store (local.get $record) (local.get $from))
        (local.set $from (i32.add (local.get $end) (i32.const 7)))
        (i32.store offset=4 (local.get $record) (local.get $from))
        (i32.store offset=8 (local.get $record) (local.get $cell))
        (i32.store offset=12 (local.get $record) (i32.add (local.get $count) (i32.const 1)))
        (i32.store offset=16 (local.get $record) (local.get $number))
        (local.set $record (i32.add (local.get $record) (i32.const 20)))
        (local.set $messages (i32.add (local.get $messages) (i32.const 1)))
        (local.set $cell (i32.add (local.get $at) (i32.const 4)))
        (br $message)))
    (local.get $messages)))
