// Files that are two things at once: a picture or a recording to one program, a page, a script or an archive
// to another. PDF and zip have their own checks for what stands before and behind them.

private rule picture_or_recording
{
    condition:
        family == "image" or family == "mp4" or family == "matroska" or family == "mpeg" or
        family == "ogg" or family == "wav" or family == "flac" or family == "aac" or family == "amr"
}

rule archive_behind_picture
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "An archive hangs on a picture or a recording."
    strings:
        $member = { 50 4B 01 02 ?? 0? ?? 0? }
        $end = { 50 4B 05 06 00 00 00 00 }
        $rar = { 52 61 72 21 1A 07 (00 | 01 00) }
        $seven = { 37 7A BC AF 27 1C 00 0? }
    condition:
        picture_or_recording and (
            ($member and for any i in (1..#end) : ( @end[i] + 65557 >= filesize )) or $rar or $seven)
}

rule page_in_picture
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "A web page's script hides in a picture or a recording."
    strings:
        $script = /<script[\s>\/]/ nocase
        $frame = /<iframe[\s>\/]/ nocase
        $handler = /<(img|svg|body|details|video|audio)[\s\/][^<>]{0,200}\bon(error|load|toggle|focus)\s*=/ nocase
    condition:
        picture_or_recording and any of them
}

rule php_in_picture
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "A script for web servers hides in a picture or a recording."
    strings:
        $long = /<\?php\s/ nocase
        $short = /<\?=\s*[`$a-z_][^?]{0,200}\?>/ nocase
        $asp = /<%\s{0,8}(eval|execute|response\.write|@\s{0,8}page)\b/ nocase
        $jsp = /<%[^%]{0,200}Runtime\.getRuntime\(\)/
    condition:
        picture_or_recording and any of them
}
