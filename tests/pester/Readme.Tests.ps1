# Every line of PowerShell in the README, in its order, in one session, as a reader would type it.
BeforeDiscovery {
    $readme = Get-Content $PSScriptRoot/../../README.md -Raw
    $lines = foreach ($block in [regex]::Matches($readme, '(?ms)^```powershell\r?\n(.*?)^```')) {
        $text = $block.Groups[1].Value

        # Where there are prompts, the rest is what the lines showed.
        $prompted = [regex]::Matches($text, '(?m)^PS> (.*?)\r?$').ForEach{ $_.Groups[1].Value }
        $prompted ? $prompted : $text.Trim()
    }
    $lines = foreach ($line in $lines) { @{ Line = $line } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    New-ReadmeModel -Path $TestDrive/googlenet.onnx
    $pictures = "$PSScriptRoot/../../docs/images"
    $null = New-Item -ItemType Directory $TestDrive/photos
    Copy-Item $pictures/classes/*.webp $TestDrive/photos
    Copy-Item $pictures/classes/mink.webp $TestDrive/cat.jpg
    Copy-Item $pictures/classes/ladybug.webp $TestDrive/photo.jpg

    $shell = [powershell]::Create()
    $prepare = {
        param($module, $folder)
        Import-Module $module
        Set-Location $folder
        $ErrorActionPreference = 'Stop'

        # Few steps; the pictures themselves are not what is looked at.
        foreach ($cmdlet in 'Invoke-FilterMaximization', 'Invoke-ClassMaximization', 'Invoke-DeepDream', 'Invoke-ActivationGrid', 'New-FilterPlan') {
            $PSDefaultParameterValues["${cmdlet}:Steps"] = 4
        }

        # The lines that need the internet.
        function Install-PSResource { 'installed' }
        function Import-CnnModel {
            if ($args[0] -eq 'squeezenet1_1') { CnnViz\Import-CnnModel model.onnx } else { CnnViz\Import-CnnModel @args }
        }
    }
    $null = $shell.AddScript($prepare).AddArgument((Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path).AddArgument("$TestDrive").Invoke()
    $shell.Streams.ClearStreams()

    function Invoke-Line([string] $Line) {
        $shell.Commands.Clear()
        $shell.Streams.ClearStreams()
        $output = $shell.AddScript($Line).Invoke()
        $shell.Streams.Error | Should -BeNullOrEmpty -Because $Line
        $output
    }
}

AfterAll {
    $shell.Dispose()
}

Describe 'The README' {
    It 'says <Line>' -ForEach $lines {
        $before = @(Get-ChildItem $TestDrive -Recurse -File).Count
        $output = Invoke-Line $Line

        # Each line shows something, writes something or sets a variable.
        if ($Line -notmatch '^\$[\w, $]+ = |Show-FilterImage|^Install-CnnRuntime|-Force') {
            @($output).Count + @(Get-ChildItem $TestDrive -Recurse -File).Count - $before | Should -BeGreaterThan 0
        }
    }

    It 'keeps $model from the tour on' {
        Invoke-Line '$model.Name' | Should -Be googlenet
    }

    It 'repeats a picture by its recipe' {
        $again = Invoke-Line '$model | Get-CnnLayer inception_4c/3x3 | Invoke-FilterMaximization 60 -Recipe $image.Recipe -Seed 7'
        $again.Activation | Should -Be (Invoke-Line '$image').Activation
    }
}
