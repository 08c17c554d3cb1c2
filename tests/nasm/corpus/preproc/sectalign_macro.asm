; -f bin -w+all
 db __?SECTALIGN_ALIGN_UPDATES_SECTION?__
 sectalign off
 db __?SECTALIGN_ALIGN_UPDATES_SECTION?__
 sectalign ON
 db __SECTALIGN_ALIGN_UPDATES_SECTION__
 sectalign 16
;= 01 00 01
