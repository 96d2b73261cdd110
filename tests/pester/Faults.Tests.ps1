# What is lost where a disk is full or read-only, a process is killed, two write at once, or the clock is wrong: nothing. docs/faults.md is the table.
BeforeDiscovery {
    # A file system of our own, without being root: in namespaces.
    $canMount = $IsLinux -and (Get-Command unshare -ErrorAction Ignore) -and $(unshare -rm mount -t tmpfs none /mnt 2>$null; $LASTEXITCODE -eq 0)

    # A share whose server is gone: a file system in user space, of which nobody answers.
    $deadShare = 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 none'
    $canLose = $canMount -and $(unshare -rm sh -c "$deadShare /mnt" 2>$null; $LASTEXITCODE -eq 0)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    $manifest = (Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path
    $script = (Resolve-Path $PSScriptRoot/WriteEverything.ps1).Path
    New-TinyModel -Path $TestDrive/model.onnx

    function Start-Writer([string] $Folder, [int] $Times = 1, [string] $Log) {
        $arguments = '-NoProfile', '-NonInteractive', '-File', $script, $manifest, "$TestDrive/model.onnx", "$TestDrive/$Folder", $Times
        Start-Process pwsh -PassThru -ArgumentList $arguments -RedirectStandardOutput "$TestDrive/$Log"
    }

    # Names and bytes of all that is written for good; the ledger of a plan has times in it.
    function Get-Whole([string] $Folder) {
        Get-ChildItem $TestDrive/$Folder -Recurse -File -Force | Where-Object { $_.Name -notlike '*.part' -and $_.FullName -notmatch 'ledgers|reports?[/\\]' } |
            ForEach-Object { "$([IO.Path]::GetRelativePath("$TestDrive/$Folder", $_.FullName)) $((Get-FileHash $_).Hash)" } | Sort-Object
    }

    # Reads every file that has its name.
    function Test-Whole([string] $Folder) {
        foreach ($file in Get-ChildItem $TestDrive/$Folder -Recurse -File | Where-Object FullName -NotMatch 'ledgers') {
            switch ($file.Extension) {
                '.png' { [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName)[-8..-5]) | Should -Be IEND }
                '.gif' { [IO.File]::ReadAllBytes($file.FullName)[-1] | Should -Be 0x3B }
                '.webp' { [BitConverter]::ToUInt32([IO.File]::ReadAllBytes($file.FullName), 4) + 8 | Should -Be $file.Length }
                '.json' { Get-Content $file -Raw | ConvertFrom-Json | Should -Not -BeNullOrEmpty }
                '.onnx' { (Import-CnnModel $file.FullName).Layers.Count | Should -Be 5 }
                '.svg' { ([xml](Get-Content $file -Raw)).svg | Should -Not -BeNullOrEmpty }
                '.html' { Get-Content $file -Raw | Should -Match '</html>\s*$' }
            }
        }

        Get-ChildItem $TestDrive/$Folder/pictures, $TestDrive/$Folder/planned/pictures -Recurse -Filter *.png -ErrorAction Ignore | ForEach-Object {
            $image = Import-FilterImage $_.FullName
            $image.Model | Should -Be model
            $image.Dispose()
        }
    }

    $null = & $script $manifest $TestDrive/model.onnx $TestDrive/calm
    $calm = Get-Whole calm
}

Describe 'An undisturbed run' {
    It 'writes a file of each kind' {
        $calm.Count | Should -BeGreaterThan 20
        Test-Whole calm
    }

    It 'gives the same bytes when it is repeated' {
        & $script $manifest $TestDrive/model.onnx $TestDrive/calm | Should -Be writing, end
        Get-Whole calm | Should -Be $calm
    }
}

Describe 'A process that is killed' {
    It 'leaves whole files, and the same command completes them' {
        $random = [Random]::new(1)
        foreach ($kill in 1, 2) {
            $process = Start-Writer killed 100 -Log killed.log
            $patience = [datetime]::UtcNow.AddSeconds(60)
            do {
                Start-Sleep -Milliseconds 20
            } until ((Get-Content $TestDrive/killed.log -ErrorAction Ignore | Select-Object -First 1) -eq 'writing' -or $process.HasExited -or [datetime]::UtcNow -gt $patience)
            Start-Sleep -Milliseconds $random.Next(1, 900)
            $process.Kill($true)
            $process.WaitForExit()
            Test-Whole killed
        }

        & $script $manifest $TestDrive/model.onnx $TestDrive/killed | Should -Be writing, end
        Get-Whole killed | Should -Be $calm
    }
}

Describe 'Two processes that write to one folder' {
    It 'leave the files of one' {
        $processes = foreach ($number in 1, 2) { Start-Writer both 2 -Log both$number.log }
        $processes.ForEach{ $_.WaitForExit(120000) } | Should -Be $true, $true

        # An atlas and a plan's folder have one writer at a time, and the other says so; everything else is replaced by the same.
        Get-Content $TestDrive/both?.log | Where-Object { $_ -notin 'writing', 'end', 'error FolderBusy', 'error FileExists' } | Should -BeNullOrEmpty
        & $script $manifest $TestDrive/model.onnx $TestDrive/both | Should -Be writing, end
        Get-Whole both | Should -Be $calm
    }
}

Describe 'A clock that was set back' {
    It 'changes nothing: files of the future are completed like others' {
        Copy-Item $TestDrive/calm $TestDrive/future -Recurse
        Get-ChildItem $TestDrive/future -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::UtcNow.AddDays(400) }
        Get-ChildItem $TestDrive/future/pictures, $TestDrive/future/planned/pictures -Recurse -Filter *_0001.png | Remove-Item
        & $script $manifest $TestDrive/model.onnx $TestDrive/future | Should -Be writing, end
        Get-Whole future | Should -Be $calm
    }
}

Describe 'A disk' -Skip:(-not $canMount) {
    BeforeAll {
        # Runs commands of a shell where $TestDrive/disk is a file system of its own, and takes its files out at the end.
        function Invoke-OnDisk([string] $Options, [string] $Commands) {
            $null = New-Item -ItemType Directory -Force $TestDrive/disk, $TestDrive/taken
            $write = "pwsh -NoProfile -NonInteractive -File '$script' '$manifest' '$TestDrive/model.onnx' '$TestDrive/disk'"
            unshare -rm sh -c "mount -t tmpfs -o $Options none '$TestDrive/disk' && { $($Commands -replace '<write>', $write -replace '<disk>', "$TestDrive/disk" -replace '<taken>', "$TestDrive/taken") ; }"
        }
    }

    It 'that is full gives an error a file, leaves whole files, and is completed when there is space' {
        $shown = Invoke-OnDisk size=64k '<write>; rm -rf <taken>/full; cp -r <disk> <taken>/full; mount -o remount,size=64m <disk>; <write>; rm -rf <taken>/done; cp -r <disk> <taken>/done'
        $shown | Select-Object -Unique | Where-Object { $_ -notlike 'error PathNotFound' } | Should -Be writing, 'error DiskFull', end
        $shown[-2, -1] | Should -Be writing, end
        Test-Whole taken/full
        @(Get-Whole taken/full).Count | Should -BeLessThan $calm.Count
        Get-Whole taken/done | Should -Be $calm
        Get-ChildItem $TestDrive/taken/full -Recurse -Force -Filter *.part | Should -BeNullOrEmpty
    }

    It 'that is a share and goes away gives an error a file, leaves whole files, and is completed when it is back' -Skip:(-not $canLose) -ForEach @{ DeadShare = $deadShare } {
        # While it writes, its folder becomes a share that is gone; later it is there again.
        $lose = "touch <taken>/lost.log; <write> 2 > <taken>/lost.log & until grep -q writing <taken>/lost.log; do sleep 0.05; done; sleep 0.3; ($DeadShare <disk>)"
        $shown = Invoke-OnDisk size=64m "$lose; wait; umount <disk>; cp -r <disk> <taken>/lost; <write>; cp -r <disk> <taken>/back"
        $said = Get-Content $TestDrive/taken/lost.log
        $said | Should -Contain 'error FileNotWritten'
        $said | Where-Object { $_ -notin 'writing', 'end', 'error FileNotWritten', 'error FileNotRead', 'error PathNotFound' } | Should -BeNullOrEmpty
        Test-Whole taken/lost
        $shown | Should -Be writing, end
        Get-Whole taken/back | Should -Be $calm
    }

    It 'that is read-only gives an error a file, and stays as it was' {
        $shown = Invoke-OnDisk size=64m '<write>; mount -o remount,ro <disk>; <write>; rm -rf <taken>/kept; cp -r <disk> <taken>/kept'
        $shown | Select-Object -Unique | Should -Be writing, end, 'error AccessDenied'
        Get-Whole taken/kept | Should -Be $calm
    }
}
