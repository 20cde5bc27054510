# Tests the tasks of build.ps1 in a copy of it, with a function in place of `dotnet`.

BeforeAll {
    $root = Join-Path $TestDrive 'my checkout [1]'
    $null = [IO.Directory]::CreateDirectory($root)
    $build = Join-Path $root 'build.ps1'
    [IO.File]::Copy([IO.Path]::Combine($PSScriptRoot, '..', '..', 'build.ps1'), $build)

    # Records its arguments and the folder that it runs in, and fails on the command of $failing.
    $calls = [Collections.Generic.List[string]]::new()
    $failing = ''
    function dotnet {
        $calls.Add("$args")
        (Get-Location).ProviderPath | Should -Be $root
        $global:LASTEXITCODE = if ($args[0] -eq $failing) { 3 } else { 0 }
    }
}

Describe 'build.ps1' {
    BeforeEach { $calls.Clear() }

    It 'builds by default' {
        & $build

        $calls | Should -Be 'build --configuration Release'
    }

    It 'runs tasks in the given order' {
        & $build -Task Clean, Build, Test, Package -Configuration Debug

        $calls | Should -Be @(
            'clean --configuration Debug --verbosity quiet'
            'build --configuration Debug'
            'test --configuration Debug'
            'pack src/ArtifactsPS.Package --configuration Debug'
        )
    }

    It 'deletes the staged module and the packages when it cleans' {
        foreach ($folder in 'module/bin/net8.0', 'out/Artifacts', 'module/en-US') {
            $null = [IO.Directory]::CreateDirectory((Join-Path $root $folder))
        }

        & $build -Task Clean
        & $build -Task Clean

        [IO.Directory]::GetDirectories($root) | Should -Be (Join-Path $root 'module')
        [IO.Directory]::GetDirectories((Join-Path $root 'module')) | Should -Be ([IO.Path]::Combine($root, 'module', 'en-US'))
    }

    It 'stops at the first task that fails, and returns to the folder' {
        $failing = 'build'
        $before = Get-Location

        { & $build -Task Build, Test } | Should -Throw 'dotnet build --configuration Release failed with exit code 3.'

        $calls.Count | Should -Be 1
        (Get-Location).Path | Should -Be $before.Path
    }

    It 'refuses an unknown task' {
        { & $build -Task Deploy } | Should -Throw '*Clean,Build,Test,Package*'

        $calls.Count | Should -Be 0
    }
}
