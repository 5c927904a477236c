;; Finds whole messages and their fields in a stretch of bytes, sixteen bytes at a time.
;;
;; It knows ordinary messages only. Where one is anything else (not whole, garbled, with a Length field, too long, too many
;; fields) it stops before it, and the plain way through framer and decoder goes on from there: what is wrong with a message
;; is said in one place. `npm run scanner` translates this file into scanner-bytes.ts; spec/codec/scanner.spec.ts holds both
;; ways equal.
;;
;; Memory, see scanner.ts: the bytes, a table that is 1 for the tags of Length fields, masks, records, cells.
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

  ;; The sum of the bytes in [from, to), of which there are sixteen or more.
  (func $sum (param $from i32) (param $to i32) (result i32)
    (local $sums v128) (local $rest i32)
    (loop $next
      (if (i32.le_u (i32.add (local.get $from) (i32.const 16)) (local.get $to))
        (then
          (local.set $sums (i32x4.add (local.get $sums)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $from))))))
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (br $next))))
    ;; The last sixteen bytes once more, without those that were added already.
    (local.set $rest (i32.sub (local.get $to) (local.get $from)))
    (local.set $sums (i32x4.add (local.get $sums)
      (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (v128.and
        (v128.load (i32.sub (local.get $to) (i32.const 16)))
        (v128.load (i32.add (global.get $masks) (local.get $rest))))))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
      (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))

  ;; Scans [from, to); cells are written from `cell` to `cellsEnd`. Answers how many messages there are.
  (func (export "scan")
    (param $from i32) (param $to i32) (param $cell i32) (param $cellsEnd i32) (param $maxLength i32) (param $maxFields i32)
    (result i32)
    (local $count i32) (local $record i32) (local $firstCell i32) (local $at i32) (local $byte i32) (local $length i32)
    (local $field i32) (local $end i32) (local $tag i32) (local $soh i32) (local $mask i32) (local $vector i32)
    (local $sum i32) (local $limit i32)
    (local.set $record (global.get $records))
    (block $stop
      (loop $message
        (br_if $stop (i32.gt_u (i32.add (local.get $from) (i32.const 32)) (local.get $to)))
        ;; No cell is written beyond the end: the fields of this message have to fit.
        (local.set $limit (i32.add (local.get $cell) (i32.mul (local.get $maxFields) (i32.const 12))))
        (if (i32.gt_u (local.get $limit) (local.get $cellsEnd)) (then (local.set $limit (local.get $cellsEnd))))
        (br_if $stop (i32.gt_u (i32.add (local.get $cell) (i32.const 48)) (local.get $limit)))
        (local.set $firstCell (local.get $cell))

        ;; 8=...
        (br_if $stop (i32.ne (i32.load16_u (local.get $from)) (i32.const 0x3d38)))
        (local.set $at (i32.add (local.get $from) (i32.const 2)))
        (block $found
          (loop $next
            (br_if $found (i32.eq (i32.load8_u (local.get $at)) (i32.const 1)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $stop (i32.gt_u (local.get $at) (i32.add (local.get $from) (i32.const 16))))
            (br $next)))
        (call $store (local.get $cell) (i32.const 8) (i32.const 2) (i32.sub (local.get $at) (local.get $from)))

        ;; 9=..., up to seven digits
        (br_if $stop (i32.ne (i32.load16_u offset=1 (local.get $at)) (i32.const 0x3d39)))
        (local.set $field (i32.add (local.get $at) (i32.const 3)))
        (local.set $at (local.get $field))
        (local.set $length (i32.const 0))
        (loop $next
          (local.set $byte (call $digit (local.get $at)))
          (if (i32.le_u (local.get $byte) (i32.const 9))
            (then
              (local.set $length (i32.add (i32.mul (local.get $length) (i32.const 10)) (local.get $byte)))
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (br_if $stop (i32.gt_u (local.get $at) (i32.add (local.get $field) (i32.const 7))))
              (br $next))))
        (br_if $stop (i32.eq (local.get $at) (local.get $field)))
        (br_if $stop (i32.ne (i32.load8_u (local.get $at)) (i32.const 1)))
        (call $store (i32.add (local.get $cell) (i32.const 12)) (i32.const 9)
          (i32.sub (local.get $field) (local.get $from)) (i32.sub (local.get $at) (local.get $from)))
        (local.set $cell (i32.add (local.get $cell) (i32.const 24)))

        ;; The length leads to SOH, 10= and the three digits of the sum, and there is a body.
        (local.set $field (i32.add (local.get $at) (i32.const 1)))
        (local.set $end (i32.add (local.get $field) (local.get $length)))
        (br_if $stop (i32.lt_u (local.get $length) (i32.const 5)))
        (br_if $stop (i32.gt_u (i32.add (local.get $end) (i32.const 7)) (local.get $to)))
        (br_if $stop (i32.gt_u (i32.sub (i32.add (local.get $end) (i32.const 7)) (local.get $from)) (local.get $maxLength)))
        (br_if $stop (i32.ne (i32.load offset=0 (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x3d303101)))
        (br_if $stop (i32.ne (i32.load8_u offset=6 (local.get $end)) (i32.const 1)))
        (local.set $sum (i32.and (call $sum (local.get $from) (local.get $end)) (i32.const 255)))
        (local.set $byte (i32.add
          (i32.add
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 3))) (i32.const 100))
            (i32.mul (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 10)))
          (call $digit (i32.add (local.get $end) (i32.const 5)))))
        (br_if $stop (i32.ne (local.get $sum) (local.get $byte)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 4))) (i32.const 9)))
        (br_if $stop (i32.gt_u (call $digit (i32.add (local.get $end) (i32.const 5))) (i32.const 9)))

        ;; The fields of the body: each ends at the next SOH.
        (local.set $vector (local.get $field))
        (block $done
          (loop $nextVector
            (local.set $mask (i8x16.bitmask
              (i8x16.eq (v128.load (local.get $vector)) (v128.const i8x16 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1))))
            (block $vectorDone
              (loop $nextField
                (br_if $vectorDone (i32.eqz (local.get $mask)))
                (local.set $soh (i32.add (local.get $vector) (i32.ctz (local.get $mask))))
                (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
                ;; The tag: no leading zero, up to nine digits, then =.
                (local.set $tag (call $digit (local.get $field)))
                (br_if $stop (i32.gt_u (i32.sub (local.get $tag) (i32.const 1)) (i32.const 8)))
                (local.set $at (i32.add (local.get $field) (i32.const 1)))
                (block $tagDone
                  (loop $nextDigit
                    (local.set $byte (i32.load8_u (local.get $at)))
                    (br_if $tagDone (i32.eq (local.get $byte) (i32.const 0x3d)))
                    (local.set $byte (i32.sub (local.get $byte) (i32.const 0x30)))
                    (br_if $stop (i32.gt_u (local.get $byte) (i32.const 9)))
                    (local.set $tag (i32.add (i32.mul (local.get $tag) (i32.const 10)) (local.get $byte)))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))
                    (br_if $stop (i32.gt_u (local.get $at) (i32.add (local.get $field) (i32.const 9))))
                    (br $nextDigit)))
                (if (i32.lt_u (local.get $tag) (i32.const 65536))
                  (then (br_if $stop (i32.load8_u (i32.add (global.get $lengthTags) (local.get $tag))))))
                ;; One cell is left for CheckSum(10).
                (br_if $stop (i32.gt_u (i32.add (local.get $cell) (i32.const 24)) (local.get $limit)))
                (call $store (local.get $cell) (local.get $tag)
                  (i32.sub (i32.add (local.get $at) (i32.const 1)) (local.get $from))
                  (i32.sub (local.get $soh) (local.get $from)))
                (local.set $cell (i32.add (local.get $cell) (i32.const 12)))
                (local.set $field (i32.add (local.get $soh) (i32.const 1)))
                (br_if $done (i32.eq (local.get $field) (local.get $end)))
                (br $nextField)))
            (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
            (br $nextVector)))
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
