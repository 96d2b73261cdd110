BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/RecordingHost.ps1
    $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx

    # From a picture that is not of one colour, as these filters like best.
    $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Recipe Natural -Steps 3 -Size 16 | Export-FilterImage $TestDrive/start.png
    $images = $model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 3 -Steps 3 -InitialImage $TestDrive/start.png
    $make = "Import-Module '$manifest'; `$images = Import-CnnModel '$TestDrive/model.onnx' -WarningAction Ignore | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 2 -InitialImage '$TestDrive/start.png'"
    $noColor = $env:NO_COLOR
    $env:NO_COLOR = $null

    # Runs a script, with $images and $model, in a session of its own with a screen of its own.
    function Invoke-OnScreen([scriptblock]$Script, [switch]$Plain) {
        # The style is one for the whole process.
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Host'
        $screen = [RecordingHost]::new($Plain)
        $runspace = [runspacefactory]::CreateRunspace($screen, [initialsessionstate]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        try {
            $runspace.SessionStateProxy.SetVariable('images', $images)
            $runspace.SessionStateProxy.SetVariable('model', $model)
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
            $output = @($shell.AddScript("$Script").Invoke())
            $shown = $screen.Screen()
            [pscustomobject]@{
                Screen  = $shown
                Lines   = @(($shown -replace '\x1bP[^\x1b]*\x1b\\|\x1b\[[0-9;]*[A-Za-z]|\x1b[78]').TrimEnd("`n") -split "`n")
                Output  = $output
                Error   = @($shell.Streams.Error)
                Warning = @($shell.Streams.Warning | ForEach-Object Message)
                Verbose = @($shell.Streams.Verbose | ForEach-Object Message)
            }
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
            $PSStyle.OutputRendering = $rendering
        }
    }
}

AfterAll {
    $env:NO_COLOR = $noColor
}

Describe 'Show-FilterImage' {
    It 'shows pictures in half blocks, two in a row, with captions' {
        $run = Invoke-OnScreen { $images | Show-FilterImage }
        $run.Output | Should -BeNullOrEmpty
        @($run.Lines -match '▀') | Should -HaveCount (2 * 19)
        $captions = @($run.Lines -match '^(conv1|relu1)')
        $captions | Should -HaveCount 2
        $captions[0] | Should -Match '^conv1:0, -?[0-9.E+-]+ +conv1:3, -?[0-9.E+-]+$'
        $captions[1] | Should -Match '^relu1:0, .* +relu1:3, '
    }

    It 'keeps each line within the window, <Width>' -ForEach @(
        @{ Width = 'by itself'; Script = { $images | Show-FilterImage } }
        @{ Width = 'where pictures are to be wider'; Script = { $images | Show-FilterImage -Width 500 } }
        @{ Width = 'where pictures are to be narrow'; Script = { $images | Show-FilterImage 7 } }
    ) {
        $run = Invoke-OnScreen $Script
        $run.Screen | Should -Match '▀'
        ($run.Lines | Measure-Object Length -Maximum).Maximum | Should -BeLessThan 80
    }

    It 'gives each picture on with -PassThru, as soon as it has come' {
        $run = Invoke-OnScreen {
            $seen = 0
            $images | ForEach-Object { $seen++; $_ } | Show-FilterImage -PassThru | ForEach-Object { "$seen $($_.Objective)" }
        }
        $run.Output | Should -Be '1 conv1:0', '2 conv1:3', '3 relu1:0', '4 relu1:3'
        $run.Screen | Should -Match '▀'
    }

    It 'has done with a picture when it gives it on' {
        $run = Invoke-OnScreen {
            $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16 | Show-FilterImage -PassThru | ForEach-Object Dispose
        }
        $run.Error | Should -BeNullOrEmpty
        @($run.Lines -match '^conv1:0, .* +conv1:1, ') | Should -HaveCount 1
    }

    It 'writes a line of text for each picture where <What>' -ForEach @(
        @{ What = 'that is asked for'; Script = { $images | Show-FilterImage -Protocol Text } }
        @{ What = 'colours are not wanted'; Script = {
                $env:NO_COLOR = 1
                $images | Show-FilterImage
                $env:NO_COLOR = $null
            }
        }
    ) {
        $run = Invoke-OnScreen $Script
        $run.Lines | Should -HaveCount 4
        $run.Lines[0] | Should -BeLike 'conv1:0 (32×32, activation *'
        $run.Screen | Should -Not -Match '\x1b'
    }

    It 'writes text where the host renders plain text, and warns where something else was asked for' {
        $run = Invoke-OnScreen {
            $PSStyle.OutputRendering = 'PlainText'
            $images | Show-FilterImage -Protocol Sixel
        }
        $run.Warning | Should -HaveCount 1
        $run.Warning | Should -BeLike '*plain text*'
        $run.Screen | Should -Not -Match '\x1b'
    }

    It 'writes Sixel that is asked for, without a question' {
        $run = Invoke-OnScreen { $images[0, 1] | Show-FilterImage -Protocol Sixel -Width 10 }
        [regex]::Matches($run.Screen, "`eP0;1;0q`"1;1;100;100#") | Should -HaveCount 2
        $run.Screen.Contains("`e[c") | Should -BeFalse
    }

    It 'asks nothing of a screen that is not the console' {
        (Invoke-OnScreen { $images | Show-FilterImage }).Screen.Contains("`e[c") | Should -BeFalse
    }

    It 'shows parts of images' {
        $images[0] | Export-FilterImage $TestDrive/one.png
        $run = Invoke-OnScreen ([scriptblock]::Create(
                "`$model | Get-CnnLayer conv1 | Measure-CnnActivation '$TestDrive/one.png' -Filter 0, 1 -Top 1 | Show-FilterImage -Width 20"))
        $run.Error | Should -BeNullOrEmpty
        @($run.Lines -match '^conv1:0 #1 one\.png, |^…') | Should -Not -BeNullOrEmpty
        $run.Screen | Should -Match '▀'
    }

    It 'does not show a picture without signal, and says so' {
        $run = Invoke-OnScreen { $model | Get-CnnLayer dead | Invoke-FilterMaximization 0 -Steps 2 -WarningAction Ignore | Show-FilterImage }
        $run.Warning | Should -HaveCount 1
        $run.Warning | Should -BeLike '*not shown*'
        $run.Screen | Should -Not -Match '▀'
    }

    It 'writes an error for a picture that was disposed, and shows the others' {
        $run = Invoke-OnScreen {
            $gone = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 2
            $gone.Dispose()
            $gone, $images[1] | Show-FilterImage
        }
        $run.Error | Should -HaveCount 1
        "$($run.Error)" | Should -BeLike '*disposed*'
        @($run.Lines -like 'conv1:3,*') | Should -HaveCount 1
    }
}

Describe 'Show-FilterImage where nobody sees it' {
    It 'writes nothing where output is redirected, whatever is asked for' {
        $show = ('Auto', 'Blocks', 'Sixel', 'Text').ForEach{ "`$images | Show-FilterImage -Protocol $_" } -join '; '
        pwsh -NoProfile -NonInteractive -Command "$make; $show; `$images | Show-FilterImage -Verbose 4>&1 | ForEach-Object Message" |
            Should -Be 'Output is redirected: no picture is shown.'
    }

    It 'writes nothing to a screen without escape sequences where output is redirected' -Skip:(-not [Console]::IsOutputRedirected) {
        $run = Invoke-OnScreen { $images | Show-FilterImage -Protocol Blocks -Verbose } -Plain
        $run.Output | Should -BeNullOrEmpty
        $run.Lines -match '▀' | Should -BeNullOrEmpty
        $run.Verbose | Should -Contain 'Output is redirected: no picture is shown.'
    }
}

Describe 'Show-FilterImage in a terminal' -Skip:(-not $IsLinux -or -not (Get-Command script -ErrorAction Ignore)) {
    It 'shows half blocks, and a line of text where colours are not wanted' {
        Set-Content $TestDrive/show.ps1 "`$ProgressPreference = 'SilentlyContinue'; $make; `$images | Show-FilterImage -Width 8; 'and now'; `$env:NO_COLOR = 1; `$images | Show-FilterImage"

        # A terminal of this kind is not asked: there is nobody to answer. Where progress is shown, pwsh asks for the cursor, and waits long.
        $run = "stty cols 80 rows 24; pwsh -NoProfile -NonInteractive -File '$TestDrive/show.ps1'"
        $screen = (bash -c "env -u NO_COLOR TERM=ansi script -qec `"$run`" /dev/null </dev/null") -join "`n"

        $blocks, $text = $screen -split 'and now'
        $blocks | Should -Match '▀'
        $blocks | Should -Match '48;2;\d+;\d+;\d+m'
        $text | Should -Not -Match '▀'
        $text | Should -Match 'conv1:1 \(32×32, activation '
    }
}
