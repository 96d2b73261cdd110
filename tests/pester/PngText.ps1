<#
.SYNOPSIS
    The texts of a PNG file by their keys, plain ones and compressed ones.
#>
function Get-PngText([string]$Path) {
    $bytes = [IO.File]::ReadAllBytes($Path)
    $latin = [Text.Encoding]::Latin1
    $texts = @{}
    for ($at = 8; $at -lt $bytes.Length; $at += $length + 12) {
        $length = [BitConverter]::ToInt32([byte[]]$bytes[($at + 3)..$at], 0)
        $kind = $latin.GetString($bytes, $at + 4, 4)
        if ($kind -notin 'tEXt', 'zTXt') {
            continue
        }

        # A key, a zero byte, the text; before a compressed one, another zero byte.
        $start = $at + 8
        $zero = [Array]::IndexOf($bytes, [byte]0, $start)
        $key = $latin.GetString($bytes, $start, $zero - $start)
        $from = $zero + ($kind -eq 'zTXt' ? 2 : 1)
        $data = [IO.MemoryStream]::new($bytes, $from, $start + $length - $from)
        $plain = $kind -eq 'zTXt' ? [IO.Compression.ZLibStream]::new($data, [IO.Compression.CompressionMode]::Decompress) : $data
        $texts[$key] = [IO.StreamReader]::new($plain, $latin).ReadToEnd()
    }

    $texts
}
