;; Tells whether a message is certainly good, by its bytes, the cells that a scan made of its fields, and tables of what its type
;; allows (sound-scope.ts). What it does not find good may still be: the plain rules (Validator) say what is wrong with a
;; message, and spec/dictionary/validation/sound.spec.ts holds that they never object to what is sound here.
;; `npm run scanner` translates this file into sound-bytes.ts.
;;
;; Cells are those of a scan: the tag of a field at `cell`, where its value starts 262,144 bytes behind, where it ends 524,288.
;;
;; What follows from the tags of a message, and from how many entries its groups are said to have, is the same for all messages of
;; a shape (scanner.wat). So the record of each field is kept in a plan, and the next message of the shape is led by it.
;;
;; As in scanner.wat nothing loops over the characters of a value, and values are read up to sixteen bytes beyond their end.
;;
;; A scope is a row of records of 32 bytes, one a field, in the dictionary's order. Where the first would be stands its head:
;;    0 how many pages its directory has    4 how many fields are required    8 the tag that opens an entry
;;   12 the last pass                      16 its directory                  20 its pages
;; The directory has the number of a page for each 64 tags, the page the number of a record for each tag, 0 for none.
;;   24 the shape that its plan is of, 0   28 how many fields that has times 8, and the rules
;; The plan of a message's scope is in the 5,128 bytes before: records of up to 641 fields, then how many entries a count said.
;; A record:
;;    0 how a value is looked at, a byte    1 for Alphanumeric its length     2 the zone    3 1 where it is required
;;    4 the scope of the group it counts: 0 where it counts none, 1 where it has not been made yet
;;    8 the pass in which it was seen last  12 what the plain rules call it   16 the table of its listed words, or 0
;;   20 its listed characters, a bit each, from the space on
(module
  (import "gapfill" "memory" (memory 32))
  ;; Where values are noted that only the plain rules can judge: number of the field, start, end.
  (global $asks i32 (i32.const 2097168))
  (global $asksEnd i32 (i32.const 2097936))
  ;; The record of the group whose scope has to be made first.
  (global $wanted i32 (i32.const 2097152))
  ;; The record of all fields without a place that are let in.
  (global $stray i32 (i32.const 2098112))
  ;; How the rules are switched, a bit each: members of a group in their order, let in user-defined tags, let in others.
  (global $inOrderBit i32 (i32.const 1))
  (global $userBit i32 (i32.const 2))
  (global $otherBit i32 (i32.const 4))

  (global $text (mut i32) (i32.const 0))
  (global $cellsEnd (mut i32) (i32.const 0))
  (global $rules (mut i32) (i32.const 0))
  (global $asked (mut i32) (i32.const 0))
  ;; How far from its cell the plan of a field is; 0 where there is none.
  (global $toPlan (mut i32) (i32.const 0))

  ;; The record of a tag in a scope, or the scope itself where it has none.
  (func $find (param $scope i32) (param $tag i32) (result i32)
    (local $page i32)
    (local.set $page (i32.shr_u (local.get $tag) (i32.const 6)))
    (if (i32.ge_u (local.get $page) (i32.load (local.get $scope))) (then (return (local.get $scope))))
    (i32.add
      (local.get $scope)
      (i32.shl
        (i32.load16_u
          (i32.add
            (i32.load offset=20 (local.get $scope))
            (i32.add
              (i32.shl
                (i32.load16_u (i32.add (i32.load offset=16 (local.get $scope)) (i32.shl (local.get $page) (i32.const 1))))
                (i32.const 7))
              (i32.shl (i32.and (local.get $tag) (i32.const 63)) (i32.const 1)))))
        (i32.const 5))))

  ;; A number that stands in no record of the scope (or, after 2^32 passes, in some: a field is then not certainly good).
  (func $nextPass (param $scope i32) (result i32)
    (local $pass i32)
    (local.set $pass (i32.add (i32.load offset=12 (local.get $scope)) (i32.const 1)))
    (i32.store offset=12 (local.get $scope) (local.get $pass))
    (local.get $pass))

  ;; A bit for each of sixteen bytes that is a digit.
  (func $digits (param $bytes v128) (result i32)
    (i8x16.bitmask
      (i8x16.lt_u
        (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x30)))
        (i8x16.splat (i32.const 10)))))

  ;; A bit for each of the first `length` of sixteen bytes.
  (func $first (param $length i32) (result i32)
    (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1)))

  ;; YYYYMMDD, but for the 29th of February.
  (func $isDate (param $start i32) (result i32)
    (local $word i64) (local $rest i32) (local $month i32) (local $day i32)
    (local.set $word (i64.xor (i64.load (local.get $start)) (i64.const 0x3030303030303030)))
    (local.set $rest (i32.wrap_i64 (i64.shr_u (local.get $word) (i64.const 32))))
    (local.set $month (i32.add
      (i32.mul (i32.and (local.get $rest) (i32.const 15)) (i32.const 10))
      (i32.and (i32.shr_u (local.get $rest) (i32.const 8)) (i32.const 15))))
    (local.set $day (i32.add
      (i32.mul (i32.and (i32.shr_u (local.get $rest) (i32.const 16)) (i32.const 15)) (i32.const 10))
      (i32.shr_u (local.get $rest) (i32.const 24))))
    (i32.and
      (i64.eqz (i64.and
        (i64.or (local.get $word) (i64.add (local.get $word) (i64.const 0x7676767676767676)))
        (i64.const 0x8080808080808080)))
      (i32.and
        (i32.lt_u (i32.sub (local.get $month) (i32.const 1)) (i32.const 12))
        (i32.lt_u
          (i32.sub (local.get $day) (i32.const 1))
          ;; A bit for each month of 31 days.
          (select
            (i32.const 28)
            (i32.add (i32.const 30) (i32.and (i32.shr_u (i32.const 0x15aa) (local.get $month)) (i32.const 1)))
            (i32.eq (local.get $month) (i32.const 2)))))))

  ;; HH:MM:SS, no leap second, and nothing or a point and 3, 6, 9 or 12 digits.
  (func $isTime (param $start i32) (param $length i32) (result i32)
    (local $word i64) (local $mask i32)
    ;; Each byte is to be from 0 to what its place allows: 9, or 5, or 0 where a colon stands.
    (local.set $word (i64.xor (i64.load (local.get $start)) (i64.const 0x30303a30303a3030)))
    (if (i32.eqz (i32.and
          (i64.eqz (i64.and
            (i64.or (local.get $word) (i64.add (local.get $word) (i64.const 0x767a7f767a7f7676)))
            (i64.const 0x8080808080808080)))
          (i32.lt_u
            (i32.add
              (i32.mul (i32.and (i32.wrap_i64 (local.get $word)) (i32.const 15)) (i32.const 10))
              (i32.and (i32.shr_u (i32.wrap_i64 (local.get $word)) (i32.const 8)) (i32.const 15)))
            (i32.const 24))))
      (then (return (i32.const 0))))
    (local.set $length (i32.sub (local.get $length) (i32.const 8)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
    (local.set $mask (i32.shl (i32.const 1) (local.get $length)))
    (if (i32.gt_u (local.get $length) (i32.const 13)) (then (return (i32.const 0))))
    (if (i32.eqz (i32.and (local.get $mask) (i32.const 0x2490))) (then (return (i32.const 0))))
    (local.set $mask (i32.sub (local.get $mask) (i32.const 1)))
    (i32.eq
      (local.get $mask)
      (i32.and
        (local.get $mask)
        (i32.or
          (i32.eq (i32.load8_u offset=8 (local.get $start)) (i32.const 0x2e))
          (i32.and (call $digits (v128.load offset=8 (local.get $start))) (i32.const -2))))))

  ;; Whether a value of two characters or more stands in the table of words at `words`, which may be 0: there a number says by how much
  ;; the hash of a word is to be shifted, another is the greatest place, then come words of eight bytes, 0 where there is none.
  (func $isWord (param $words i32) (param $start i32) (param $length i32) (result i32)
    (local $word i64) (local $place i32) (local $there i64)
    (if (i32.eqz (local.get $words)) (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $length) (i32.const 8)) (then (return (i32.const 0))))
    ;; A byte of 0 at the end would make it look like a shorter one.
    (if (i32.eqz (i32.load8_u (i32.sub (i32.add (local.get $start) (local.get $length)) (i32.const 1))))
      (then (return (i32.const 0))))
    (local.set $word (i64.and
      (i64.load (local.get $start))
      (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3)))))))
    (local.set $place (i32.shr_u
      (i32.mul
        (i32.xor
          (i32.wrap_i64 (local.get $word))
          (i32.mul (i32.wrap_i64 (i64.shr_u (local.get $word) (i64.const 32))) (i32.const 31)))
        (i32.const 0x9e3779b1))
      (i32.load (local.get $words))))
    (loop $next
      (local.set $there (i64.load offset=8 (i32.add (local.get $words) (i32.shl (local.get $place) (i32.const 3)))))
      (if (i64.eq (local.get $there) (local.get $word)) (then (return (i32.const 1))))
      (local.set $place (i32.and (i32.add (local.get $place) (i32.const 1)) (i32.load offset=4 (local.get $words))))
      (br_if $next (i32.eqz (i64.eqz (local.get $there)))))
    (i32.const 0))

  ;; Whether a value is good, or may be as far as can be told here: then it is noted.
  (func $isGood (param $record i32) (param $start i32) (param $end i32) (result i32)
    (local $length i32) (local $bytes v128) (local $mask i32) (local $digits i32) (local $others i32)
    (local.set $length (i32.sub (local.get $end) (local.get $start)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (block $ask
      (block $time
        (block $timestamp
          (block $date
            (block $alphanumeric
              (block $decimal
                (block $int
                  (block $unsigned
                    (block $character
                      (block $listed
                        (block $any
                          (br_table $any $listed $character $unsigned $int $decimal $alphanumeric $date $timestamp $time $ask
                            (i32.load8_u (local.get $record))))
                        (return (i32.const 1)))
                      ;; listed
                      (if (i32.gt_u (local.get $length) (i32.const 1))
                        (then
                          (br_if $ask (i32.eqz (call $isWord (i32.load offset=16 (local.get $record)) (local.get $start) (local.get $length))))
                          (return (i32.const 1))))
                      (local.set $digits (i32.load8_u (local.get $start)))
                      (br_if $ask (i32.gt_u (i32.sub (local.get $digits) (i32.const 32)) (i32.const 95)))
                      (return (i32.and (i32.const 1) (i32.shr_u
                        (i32.load8_u offset=16 (i32.add (local.get $record) (i32.shr_u (local.get $digits) (i32.const 3))))
                        (i32.and (local.get $digits) (i32.const 7))))))
                    ;; character
                    (return (i32.eq (local.get $length) (i32.const 1))))
                  ;; unsigned
                  (br_if $ask (i32.gt_u (local.get $length) (i32.const 16)))
                  (local.set $mask (call $first (local.get $length)))
                  (return (i32.eq
                    (local.get $mask)
                    (i32.and (local.get $mask) (call $digits (v128.load (local.get $start)))))))
                ;; int
                (local.set $digits (i32.eq (i32.load8_u (local.get $start)) (i32.const 0x2d)))
                (local.set $start (i32.add (local.get $start) (local.get $digits)))
                (local.set $length (i32.sub (local.get $length) (local.get $digits)))
                (br_if $ask (i32.gt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 15)))
                (local.set $mask (call $first (local.get $length)))
                (return (i32.eq
                  (local.get $mask)
                  (i32.and (local.get $mask) (call $digits (v128.load (local.get $start)))))))
              ;; decimal
              (local.set $digits (i32.eq (i32.load8_u (local.get $start)) (i32.const 0x2d)))
              (local.set $length (i32.sub (local.get $length) (local.get $digits)))
              (br_if $ask (i32.gt_u (local.get $length) (i32.const 16)))
              (local.set $bytes (v128.load (i32.add (local.get $start) (local.get $digits))))
              (local.set $mask (call $first (local.get $length)))
              (local.set $digits (i32.and (local.get $mask) (call $digits (local.get $bytes))))
              (local.set $others (i32.xor (local.get $mask) (local.get $digits)))
              ;; A digit at least, and of other characters none or one, which is a point.
              (return (i32.and
                (i32.ne (local.get $digits) (i32.const 0))
                (i32.eqz (i32.or
                  (i32.and (local.get $others) (i32.sub (local.get $others) (i32.const 1)))
                  (i32.and
                    (local.get $others)
                    (i32.xor (i32.const -1) (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x2e)))))))))))
            ;; alphanumeric
            (br_if $ask (i32.ne (local.get $length) (i32.load8_u offset=1 (local.get $record))))
            (local.set $bytes (v128.load (local.get $start)))
            (local.set $mask (call $first (local.get $length)))
            (br_if $ask (i32.ne
              (local.get $mask)
              (i32.and
                (local.get $mask)
                (i32.or
                  (call $digits (local.get $bytes))
                  (i8x16.bitmask (i8x16.lt_u
                    (i8x16.sub
                      (v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20)))
                      (i8x16.splat (i32.const 0x61)))
                    (i8x16.splat (i32.const 26))))))))
            (return (i32.const 1)))
          ;; date
          (br_if $ask (i32.ne (local.get $length) (i32.const 8)))
          (br_if $ask (i32.eqz (call $isDate (local.get $start))))
          (return (i32.const 1)))
        ;; timestamp
        (br_if $ask (i32.lt_u (local.get $length) (i32.const 17)))
        (br_if $ask (i32.ne (i32.load8_u offset=8 (local.get $start)) (i32.const 0x2d)))
        (br_if $ask (i32.eqz (call $isDate (local.get $start))))
        (br_if $ask (i32.eqz (call $isTime
          (i32.add (local.get $start) (i32.const 9))
          (i32.sub (local.get $length) (i32.const 9)))))
        (return (i32.const 1)))
      ;; time
      (br_if $ask (i32.lt_u (local.get $length) (i32.const 8)))
      (br_if $ask (i32.eqz (call $isTime (local.get $start) (local.get $length))))
      (return (i32.const 1)))
    (call $note (local.get $record) (local.get $start) (local.get $end)))

  ;; Notes a value for the plain rules; 0 where there is no room left.
  (func $note (param $record i32) (param $start i32) (param $end i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $asked))
    (if (i32.ge_u (local.get $at) (global.get $asksEnd)) (then (return (i32.const 0))))
    (i32.store (local.get $at) (i32.load offset=12 (local.get $record)))
    (i32.store offset=4 (local.get $at) (i32.sub (local.get $start) (global.get $text)))
    (i32.store offset=8 (local.get $at) (i32.sub (local.get $end) (global.get $text)))
    (global.set $asked (i32.add (local.get $at) (i32.const 12)))
    (i32.const 1))

  ;; The number of entries that a count says; -1 where it is none, or has more than nine digits.
  (func $count (param $start i32) (param $end i32) (result i32)
    (local $count i32) (local $digit i32)
    (if (i32.gt_u (i32.sub (local.get $end) (local.get $start)) (i32.const 9)) (then (return (i32.const -1))))
    (loop $next
      (local.set $digit (i32.sub (i32.load8_u (local.get $start)) (i32.const 0x30)))
      (if (i32.gt_u (local.get $digit) (i32.const 9)) (then (return (i32.const -1))))
      (local.set $count (i32.add (i32.mul (local.get $count) (i32.const 10)) (local.get $digit)))
      (local.set $start (i32.add (local.get $start) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $start) (local.get $end))))
    (local.get $count))

  ;; Keeps the record of a field.
  (func $plan (param $cell i32) (param $record i32)
    (if (global.get $toPlan)
      (then (i32.store (i32.add (local.get $cell) (global.get $toPlan)) (local.get $record)))))

  ;; Keeps how many entries a field counts, and answers that.
  (func $planCount (param $cell i32) (param $count i32) (result i32)
    (if (global.get $toPlan)
      (then (i32.store offset=2564 (i32.add (local.get $cell) (global.get $toPlan)) (local.get $count))))
    (local.get $count))

  ;; Whether the values of a message whose plan is known are good: 0 or 1. 2 where a group is said to have more or fewer entries.
  (func $isAsPlanned (param $text i32) (param $cell i32) (param $cellsEnd i32) (param $plan i32) (result i32)
    (local $record i32) (local $start i32) (local $end i32)
    (loop $next
      (local.set $record (i32.load (local.get $plan)))
      (local.set $start (i32.add (local.get $text) (i32.load offset=262144 (local.get $cell))))
      (local.set $end (i32.add (local.get $text) (i32.load offset=524288 (local.get $cell))))
      (if (i32.eqz (call $isGood (local.get $record) (local.get $start) (local.get $end))) (then (return (i32.const 0))))
      (if (i32.load offset=4 (local.get $record))
        (then
          (if (i32.ne (call $count (local.get $start) (local.get $end)) (i32.load offset=2564 (local.get $plan)))
            (then (return (i32.const 2))))))
      (local.set $plan (i32.add (local.get $plan) (i32.const 4)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $cell) (local.get $cellsEnd))))
    (i32.const 1))

  ;; One more than how many values were noted.
  (func $answer (result i32)
    (i32.add
      (i32.const 1)
      (i32.div_u (i32.sub (global.get $asked) (global.get $asks)) (i32.const 12))))

  ;; The entries of the group that `record` counts, `expected` of them, from `cell` on. Answers the cell behind the group; 0
  ;; where something may be wrong. A group goes on as long as its members come.
  (func $group (param $record i32) (param $expected i32) (param $cell i32) (result i32)
    (local $scope i32) (local $delimiter i32) (local $allRequired i32) (local $required i32) (local $entries i32)
    (local $last i32) (local $pass i32) (local $tag i32) (local $start i32) (local $end i32)
    (local $text i32) (local $cellsEnd i32) (local $inOrder i32)
    ;; A count of 0 says that nothing follows: what does is looked for around the group.
    (if (i32.eqz (local.get $expected)) (then (return (local.get $cell))))
    (local.set $scope (i32.load offset=4 (local.get $record)))
    (if (i32.eq (local.get $scope) (i32.const 1))
      (then
        (i32.store (global.get $wanted) (local.get $record))
        (return (i32.const 0))))
    (local.set $text (global.get $text))
    (local.set $cellsEnd (global.get $cellsEnd))
    (local.set $inOrder (i32.and (global.get $rules) (global.get $inOrderBit)))
    (local.set $delimiter (i32.load offset=8 (local.get $scope)))
    (local.set $allRequired (i32.load offset=4 (local.get $scope)))
    (local.set $required (local.get $allRequired))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $cell) (local.get $cellsEnd)))
        (local.set $tag (i32.load (local.get $cell)))
        (local.set $record (call $find (local.get $scope) (local.get $tag)))
        (br_if $end (i32.eq (local.get $record) (local.get $scope)))
        (if (i32.eq (local.get $tag) (local.get $delimiter))
          (then
            (if (i32.ne (local.get $required) (local.get $allRequired)) (then (return (i32.const 0))))
            (local.set $required (i32.const 0))
            (local.set $entries (i32.add (local.get $entries) (i32.const 1)))
            (local.set $last (i32.const 0))
            (local.set $pass (call $nextPass (local.get $scope))))
          (else
            (if (i32.eqz (local.get $entries)) (then (return (i32.const 0))))))
        ;; No field twice in an entry: in their order that is sure.
        (if (local.get $inOrder)
          (then
            (if (i32.le_u (local.get $record) (local.get $last)) (then (return (i32.const 0))))
            (local.set $last (local.get $record)))
          (else
            (if (i32.eq (i32.load offset=8 (local.get $record)) (local.get $pass)) (then (return (i32.const 0))))
            (i32.store offset=8 (local.get $record) (local.get $pass))))
        (local.set $required (i32.add (local.get $required) (i32.load8_u offset=3 (local.get $record))))
        (local.set $start (i32.add (local.get $text) (i32.load offset=262144 (local.get $cell))))
        (local.set $end (i32.add (local.get $text) (i32.load offset=524288 (local.get $cell))))
        (if (i32.eqz (call $isGood (local.get $record) (local.get $start) (local.get $end))) (then (return (i32.const 0))))
        (call $plan (local.get $cell) (local.get $record))
        (local.set $cell (i32.add (local.get $cell) (i32.const 4)))
        (br_if $next (i32.eqz (i32.load offset=4 (local.get $record))))
        (local.set $cell (call $group
          (local.get $record)
          (call $planCount (i32.sub (local.get $cell) (i32.const 4)) (call $count (local.get $start) (local.get $end)))
          (local.get $cell)))
        (br_if $next (local.get $cell))
        (return (i32.const 0))))
    (select
      (local.get $cell)
      (i32.const 0)
      (i32.and
        (i32.eq (local.get $entries) (local.get $expected))
        (i32.eq (local.get $required) (local.get $allRequired)))))

  ;; Whether a tag may stand where it has no place.
  (func $isLetIn (param $tag i32) (result i32)
    (i32.and
      (i32.gt_s (local.get $tag) (i32.const 0))
      (i32.ne
        (i32.const 0)
        (i32.and
          (global.get $rules)
          (select (global.get $otherBit) (global.get $userBit) (i32.lt_s (local.get $tag) (i32.const 5000)))))))

  ;; Whether a message of which no more is known than its cells is good, as far as can be told here. The plan is made on the way.
  (func $walk (param $cell i32) (param $scope i32) (result i32)
    (local $record i32) (local $pass i32) (local $zone i32) (local $own i32) (local $required i32)
    (local $start i32) (local $end i32) (local $text i32) (local $cellsEnd i32) (local $behindGroup i32)
    (local.set $text (global.get $text))
    (local.set $cellsEnd (global.get $cellsEnd))
    (local.set $pass (call $nextPass (local.get $scope)))
    (loop $next
      (local.set $record (call $find (local.get $scope) (i32.load (local.get $cell))))
      (if (i32.eq (local.get $record) (local.get $scope))
        (then
          ;; One behind a group may be amid its entries: that is for the plain rules to say.
          (if (local.get $behindGroup) (then (return (i32.const 0))))
          (if (i32.eqz (call $isLetIn (i32.load (local.get $cell)))) (then (return (i32.const 0))))
          (local.set $record (global.get $stray)))
        (else
          (if (i32.eq (i32.load offset=8 (local.get $record)) (local.get $pass)) (then (return (i32.const 0))))
          (i32.store offset=8 (local.get $record) (local.get $pass))))
      ;; Header before body before trailer; a zone of 0 fits anywhere.
      (local.set $own (i32.load8_u offset=2 (local.get $record)))
      (if (local.get $own)
        (then
          (if (i32.lt_u (local.get $own) (local.get $zone)) (then (return (i32.const 0))))
          (local.set $zone (local.get $own))))
      (local.set $required (i32.add (local.get $required) (i32.load8_u offset=3 (local.get $record))))
      (local.set $start (i32.add (local.get $text) (i32.load offset=262144 (local.get $cell))))
      (local.set $end (i32.add (local.get $text) (i32.load offset=524288 (local.get $cell))))
      (if (i32.eqz (call $isGood (local.get $record) (local.get $start) (local.get $end))) (then (return (i32.const 0))))
      (call $plan (local.get $cell) (local.get $record))
      (local.set $cell (i32.add (local.get $cell) (i32.const 4)))
      (local.set $behindGroup (i32.load offset=4 (local.get $record)))
      (if (local.get $behindGroup)
        (then
          (local.set $cell (call $group
            (local.get $record)
            (call $planCount (i32.sub (local.get $cell) (i32.const 4)) (call $count (local.get $start) (local.get $end)))
            (local.get $cell)))
          (if (i32.eqz (local.get $cell)) (then (return (i32.const 0))))))
      (br_if $next (i32.lt_u (local.get $cell) (local.get $cellsEnd))))
    (i32.eq (local.get $required) (i32.load offset=4 (local.get $scope))))

  ;; 0 where the message may not be good; otherwise it is if as many values as this, less one, are good by the plain rules. `shape`
  ;; is 0 where that is not known.
  (func (export "sound")
    (param $text i32) (param $cell i32) (param $cellsEnd i32) (param $scope i32) (param $rules i32) (param $shape i32)
    (result i32)
    (local $key i32) (local $plan i32) (local $verdict i32)
    (global.set $text (local.get $text))
    (global.set $asked (global.get $asks))
    (i32.store (global.get $wanted) (i32.const 0))
    (local.set $plan (i32.sub (local.get $scope) (i32.const 5128)))
    (local.set $key (i32.or
      (i32.shl (i32.sub (local.get $cellsEnd) (local.get $cell)) (i32.const 1))
      (local.get $rules)))
    (if (i32.and
          (i32.ne (local.get $shape) (i32.const 0))
          (i32.and
            (i32.eq (i32.load offset=24 (local.get $scope)) (local.get $shape))
            (i32.eq (i32.load offset=28 (local.get $scope)) (local.get $key))))
      (then
        (local.set $verdict
          (call $isAsPlanned (local.get $text) (local.get $cell) (local.get $cellsEnd) (local.get $plan)))
        (if (i32.eqz (local.get $verdict)) (then (return (i32.const 0))))
        (if (i32.eq (local.get $verdict) (i32.const 1)) (then (return (call $answer))))
        (global.set $asked (global.get $asks))))
    (global.set $cellsEnd (local.get $cellsEnd))
    (global.set $rules (local.get $rules))
    (global.set $toPlan (select
      (i32.sub (local.get $plan) (local.get $cell))
      (i32.const 0)
      (i32.and (i32.ne (local.get $shape) (i32.const 0)) (i32.lt_u (local.get $key) (i32.const 5136)))))
    (i32.store offset=24 (local.get $scope) (i32.const 0))
    (if (i32.eqz (call $walk (local.get $cell) (local.get $scope))) (then (return (i32.const 0))))
    (if (global.get $toPlan)
      (then
        (i32.store offset=24 (local.get $scope) (local.get $shape))
        (i32.store offset=28 (local.get $scope) (local.get $key))))
    (call $answer)))
