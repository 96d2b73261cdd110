#!/usr/bin/env pwsh

<#
.SYNOPSIS
    Builds, shows, tests, packs or cleans CnnViz.

.DESCRIPTION
    Build      lays the importable module down: Import-Module ./CnnViz.psd1 works afterwards.
    FirstLook  builds the module, and runs examples/first-look.ps1: pictures of the built-in model, in out/first-look.
    Test       builds, and runs all tests, the Pester suites included.
    Pack       builds, and makes artifacts/CnnViz/<version>, a folder that works when moved elsewhere and is laid out for nuget pack.
    Clean      removes everything that the other tasks made.

.EXAMPLE
    dotnet dnx --yes powershell@7.6.9 ./build.ps1 -Task FirstLook

    Where only the .NET SDK is installed: it fetches PowerShell, and runs it.

.EXAMPLE
    ./build.ps1

.EXAMPLE
    ./build.ps1 -Task Clean, Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'FirstLook', 'Test', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    # If left out, Release for Pack, and for the others Debug, as dotnet build and dotnet test have it. The engine is optimized in both.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration,

    # Runtime identifier of the native libraries, such as linux-x64 or osx-arm64; this machine's, if left out.
    [string] $Runtime
)

$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    $properties = if ($Runtime) { "-p:ModuleRuntime=$Runtime" }
    & dotnet @args @properties
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

foreach ($name in $Task) {
    $as = @('-c', ($Configuration ? $Configuration : $name -eq 'Pack' ? 'Release' : 'Debug'))
    switch ($name) {
        Build {
            Invoke-DotNet build $PSScriptRoot @as
        }
        FirstLook {
            Invoke-DotNet build (Join-Path $PSScriptRoot src CnnViz) @as
            & (Join-Path $PSScriptRoot examples first-look.ps1) -Destination (Join-Path $PSScriptRoot out first-look)
        }
        Test {
            Invoke-DotNet test $PSScriptRoot @as
        }
        Pack {
            Invoke-DotNet build (Join-Path $PSScriptRoot src CnnViz) @as
            Invoke-DotNet msbuild (Join-Path $PSScriptRoot src CnnViz) '-t:PackModule' -noLogo
        }
        Clean {
            $made = @(
                Join-Path $PSScriptRoot artifacts
                Join-Path $PSScriptRoot module bin
                Get-ChildItem (Join-Path $PSScriptRoot src), (Join-Path $PSScriptRoot tests), (Join-Path $PSScriptRoot examples) -Directory |
                    ForEach-Object { Join-Path $_ bin; Join-Path $_ obj }
            )
            $made | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
        }
    }
}
