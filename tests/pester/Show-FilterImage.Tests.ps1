BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $images = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16
    $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
    $make = "Import-Module '$manifest'; `$images = Import-CnnModel '$TestDrive/model.onnx' | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16"
}

Describe 'Show-FilterImage' {
    It 'writes nothing where output is redirected, whatever is asked for' {
        $show = ('Auto', 'Blocks', 'Sixel', 'Text').ForEach{ "`$images | Show-FilterImage -Protocol $_" } -join '; '
        pwsh -NoProfile -NonInteractive -Command "$make; $show; 'done'" | Should -Be 'done'
    }

    It 'gives the pictures on with -PassThru, and nothing without' {
        $images | Show-FilterImage | Should -BeNullOrEmpty
        ($images | Show-FilterImage -PassThru).Objective | Should -Be 'conv1:0', 'conv1:1'
    }

    It 'shows half blocks in a terminal, and a line of text where colours are not wanted' -Skip:(-not $IsLinux -or -not (Get-Command script -ErrorAction Ignore)) {
        Set-Content $TestDrive/show.ps1 "`$ProgressPreference = 'SilentlyContinue'; $make; `$images | Show-FilterImage -Width 8; 'and now'; `$env:NO_COLOR = 1; `$images | Show-FilterImage"

        # A terminal of this kind is not asked: there is nobody to answer. Where progress is shown, pwsh asks for the cursor, and waits long.
        $run = "stty cols 80 rows 24; pwsh -NoProfile -NonInteractive -File '$TestDrive/show.ps1'"
        $screen = (bash -c "env -u NO_COLOR TERM=ansi script -qec `"$run`" /dev/null </dev/null") -join "`n"

        $blocks, $text = $screen -split 'and now'
        $blocks | Should -Match '▀'
        $blocks | Should -Match '48;2;\d+;\d+;\d+m'
        $text | Should -Not -Match '▀'
        $text | Should -Match 'conv1:1 \(16×16, activation '
    }
}
