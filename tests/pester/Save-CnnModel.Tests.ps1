BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/FileServer.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/tiny.onnx
    $tiny = [IO.File]::ReadAllBytes("$TestDrive/tiny.onnx")
    $cache = $env:CNNVIZ_CACHE
    $env:CNNVIZ_CACHE = "$TestDrive/cache"
    $server = Start-FileServer $tiny tiny-1.onnx

    # What the server has now, or what has another hash.
    function New-PublishedModel([string]$Sha256) {
        if (-not $Sha256) {
            $Sha256 = (Get-FileHash -InputStream ([IO.MemoryStream]::new($server.Content))).Hash
        }

        [CnnViz.Catalogue.PublishedModel]@{ Name = 'tiny'; Uri = $server.Address; Length = $server.Content.Length; Sha256 = $Sha256 }
    }
}

AfterAll {
    Stop-FileServer $server
    $env:CNNVIZ_CACHE = $cache
}

Describe 'Save-CnnModel' {
    BeforeAll {
        $model = New-PublishedModel
    }

    BeforeEach {
        $server.Requests.Clear()
    }

    It 'downloads nothing with -WhatIf' {
        $model | Save-CnnModel -Path TestDrive:/whatif -WhatIf
        Save-CnnModel resnet50, mnist-12 -WhatIf
        $server.Requests | Should -BeNullOrEmpty
        "$TestDrive/whatif" | Should -Not -Exist
        $env:CNNVIZ_CACHE | Should -Not -Exist
    }

    It 'downloads into a folder of a PSDrive' {
        $file = $model | Save-CnnModel -Path TestDrive:/models -PassThru
        $file.FullName | Should -Be "$TestDrive/models/tiny-1.onnx"
        (Get-FileHash $file).Hash | Should -Be $model.Sha256
    }

    It 'downloads once, and again with -Force' {
        $files = 1, 2 | ForEach-Object { $model | Save-CnnModel -Path TestDrive:/once -PassThru }
        $files.FullName | Should -Be (@("$TestDrive/once/tiny-1.onnx") * 2)
        $server.Requests | Should -HaveCount 1
        $model | Save-CnnModel -Path TestDrive:/once -Force
        $server.Requests | Should -HaveCount 2
    }

    It 'downloads into the cache, where Import-CnnModel finds it' {
        $model.CachedPath | Should -BeNullOrEmpty
        { $model | Import-CnnModel -ErrorAction Stop } | Should -Throw '*has not been downloaded*'
        $run = Watch-Pipeline { $using:model | Save-CnnModel -Verbose }
        $run.Output | Should -BeNullOrEmpty
        @($run.Verbose -like '*its length and SHA-256 are as published*') | Should -HaveCount 1
        $run.Progress | Should -Not -BeNullOrEmpty
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
        $model.CachedPath | Should -Be "$TestDrive/cache/tiny-1.onnx"
        ($model | Import-CnnModel).Name | Should -Be 'tiny'
    }

    It 'keeps another file of that name unless it is forced' {
        $null = New-Item -Force TestDrive:/kept/tiny-1.onnx -Value mine
        Get-FailureId { $model | Save-CnnModel -Path TestDrive:/kept } | Should -Be FileExists
        Get-Content TestDrive:/kept/tiny-1.onnx | Should -Be mine
        $model | Save-CnnModel -Path TestDrive:/kept -Force
        (Get-FileHash TestDrive:/kept/tiny-1.onnx).Hash | Should -Be $model.Sha256
    }
}

Describe 'An error of Save-CnnModel' {
    It 'is one for what is not the model and is not kept, and the next one comes' {
        $wrong = New-PublishedModel 00000000
        $wrong | Save-CnnModel -Path TestDrive:/wrong -ErrorAction SilentlyContinue
        Get-ChildItem $TestDrive/wrong | Should -BeNullOrEmpty

        $files = $wrong, (New-PublishedModel) | Save-CnnModel -Path TestDrive:/wrong -PassThru -ErrorVariable failures -ErrorAction SilentlyContinue
        $files | Should -HaveCount 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'DownloadHashMismatch,*'
        $failures[0].CategoryInfo.Category | Should -Be InvalidData
        "$($failures[0].TargetObject)" | Should -Be tiny
        $failures[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'is <Id>, <Category>, for <What>' -ForEach @(
        @{ Id = 'PublishedModelNotFound'; Category = 'ObjectNotFound'; What = 'a name that is not there'; Script = { Save-CnnModel resnet51 } }
        @{ Id = 'NotFileSystem'; Category = 'InvalidArgument'; What = 'a variable'; Script = { Save-CnnModel resnet50 -Path variable:x } }
        @{ Id = 'ModelAddressUnsafe'; Category = 'SecurityError'; What = 'an address that others can answer for'; Script = {
                [CnnViz.Catalogue.PublishedModel]@{ Uri = 'http://a.example/b.onnx'; Sha256 = '00000000' } | Save-CnnModel
            }
        }
        @{ Id = 'ModelHashMissing'; Category = 'InvalidArgument'; What = 'what cannot be checked'; Script = {
                [CnnViz.Catalogue.PublishedModel]@{ Uri = 'https://a.example/b.onnx' } | Save-CnnModel
            }
        }
    ) {
        $failures = @(Get-Failure $Script)
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures.CategoryInfo.Category | Should -Be $Category
    }
}

Describe 'While Save-CnnModel runs' {
    AfterEach {
        $server.TrickleBy = 0
        $server.Content = $tiny
    }

    It 'progress tells bytes, their rate and what is left' {
        $server.Content = [byte[]]::new(200000)
        $server.TrickleBy = 20000
        $model = New-PublishedModel
        $run = Watch-Pipeline { $using:model | Save-CnnModel -Path $using:TestDrive/slow }
        $run.Error | Should -BeNullOrEmpty
        $record = @($run.Progress | Where-Object { $_.PercentComplete -gt 0 -and $_.PercentComplete -lt 100 })[0]
        $record.Activity | Should -Be 'Downloading tiny'
        $record.StatusDescription | Should -Match '^0\.\d MB of 0\.2 MB, \d+\.\d MB/s$'
        $record.SecondsRemaining | Should -BeGreaterOrEqual 0
    }

    It 'a stop is answered at once, and the next run goes on from there' {
        $server.Content = [byte[]]::new(2000000)
        $server.TrickleBy = 10000
        $model = New-PublishedModel
        Measure-Stop { $using:model | Save-CnnModel -Path $using:TestDrive/stopped } | Should -BeLessThan 1
        "$TestDrive/stopped/tiny-1.onnx" | Should -Not -Exist
        $partial = Get-Item $TestDrive/stopped/tiny-1.onnx.part
        $partial.Length | Should -BeGreaterThan 0
        $partial.Length | Should -BeLessThan 2000000

        # The file is free as soon as the thread behind the cmdlet has ended, too.
        $server.TrickleBy = 0
        $patience = [Diagnostics.Stopwatch]::StartNew()
        while (Get-FailureId { $model | Save-CnnModel -Path $TestDrive/stopped }) {
            $patience.Elapsed.TotalSeconds | Should -BeLessThan 10
            Start-Sleep -Milliseconds 50
        }

        (Get-Item $TestDrive/stopped/tiny-1.onnx).Length | Should -Be 2000000
        $server.Requests[-1] | Should -BeLike 'bytes=*-'
    }
}
