; -f bin -w+all -w-unknown-warning
[warning -orphan-labels]
alone
[warning +orphan-labels]
lonely
[warning push]
[warning none]
hidden
[warning pop]
[warning -none]
shown
;= 5: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= 11: warning: label alone on a line without a colon might be in error [-w+label-orphan]
;= -
