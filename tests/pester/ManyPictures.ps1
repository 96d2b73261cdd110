# A folder with far more pictures than there is time for: links to one, or copies where not everybody may make links.
function New-ManyPictures([string] $Folder, [string] $Picture, [int] $Count) {
    $null = New-Item -ItemType Directory $Folder
    foreach ($i in 1..$Count) {
        if ($IsWindows) {
            [IO.File]::Copy($Picture, "$Folder/$i.png")
        }
        else {
            $null = [IO.File]::CreateSymbolicLink("$Folder/$i.png", $Picture)
        }
    }
}
