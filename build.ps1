#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests, packs or cleans CnnViz.

.DESCRIPTION
    Build   lays the importable module down: Import-Module ./CnnViz.psd1 works afterwards.
    Test    builds, and runs all tests, the Pester suites included.
    Pack    builds, and makes artifacts/CnnViz/<version>, a folder that works when moved elsewhere and is laid out for nuget pack.
    Clean   removes everything that the other tasks made.

.EXAMPLE
    ./build.ps1

.EXAMPLE
    ./build.ps1 -Task Clean, Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

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
    switch ($name) {
        Build {
            Invoke-DotNet build $PSScriptRoot -c $Configuration
        }
        Test {
            Invoke-DotNet test $PSScriptRoot -c $Configuration
        }
        Pack {
            Invoke-DotNet build (Join-Path $PSScriptRoot src CnnViz) -c $Configuration
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
