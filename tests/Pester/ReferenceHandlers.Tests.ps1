BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

# Commands that read targets of a scheme with a registered handler.
Describe 'References with a handler' {
    BeforeEach {
        $texts = @{ 'mem:a.txt' = 'one'; 'mem:b.txt' = 'two' }
        $null = Register-ArtifactReferenceHandler mem -Force -Probe {
            param($uri)
            if ($texts.ContainsKey($uri)) { @{ Size = $texts[$uri].Length; ETag = "`"$($texts[$uri])`"" } }
        } -Open {
            param($uri)
            if ($texts.ContainsKey($uri)) { $texts[$uri] }
        }
        $name = "data$(Get-Random)"
        $out = "$TestDrive/out $name"
        function Publish-Reference([string[]] $Uri) {
            New-Artifact $name dataset | Add-ArtifactReference $Uri | Publish-Artifact
        }
    }
    AfterEach { Get-ArtifactReferenceHandler | Unregister-ArtifactReferenceHandler }

    It 'records what the handler reports' {
        $null = Publish-Reference mem:a.txt, mem:b.txt
        $entries = Get-ArtifactEntry $name

        $entries.EntryPath | Should -Be a.txt, b.txt
        $entries.Size | Should -Be 3, 3
        $entries.ETag | Should -Be one, two
    }

    It 'makes a new version of a changed target only' {
        (Publish-Reference mem:a.txt).Version | Should -Be v0
        (Publish-Reference mem:a.txt).Version | Should -Be v0
        $texts['mem:a.txt'] = 'uno'

        (Publish-Reference mem:a.txt).Version | Should -Be v1
    }

    It 'restores, streams and checks targets' {
        $null = Publish-Reference mem:a.txt, mem:b.txt
        $null = Save-Artifact $name $out

        Get-Content -Raw "$out/a.txt" | Should -BeExactly one
        Get-ArtifactContent $name b.txt | Should -BeExactly two
        Test-Artifact $name | Should -BeNullOrEmpty
        $texts['mem:b.txt'] = 'uno'
        (Test-Artifact $name).EntryPath | Should -Be b.txt
    }

    It 'reads targets in a drive' {
        $null = Publish-Reference mem:a.txt
        $null = New-PSDrive refs Artifact $env:ARTIFACTS_STORE

        Get-Content "refs:/$name/v0/a.txt" | Should -BeExactly one
    }

    It 'reads <What>' -TestCases @(
        @{ What = 'a stream'; Open = { [IO.MemoryStream]::new([byte[]](1, 2, 255)) } }
        @{ What = 'an array of bytes'; Open = { , [byte[]](1, 2, 255) } }
        @{ What = 'bytes one by one'; Open = { [byte[]](1, 2, 255) } }
        @{ What = 'a file'; Open = { Get-Item $file } }
    ) {
        $file = "$TestDrive/bytes"
        [IO.File]::WriteAllBytes($file, [byte[]](1, 2, 255))
        $null = Register-ArtifactReferenceHandler mem -Force -Probe { @{ Size = 3 } } -Open $Open
        $null = Publish-Reference mem:x
        $null = Save-Artifact $name $out

        [IO.File]::ReadAllBytes("$out/x") | Should -Be 1, 2, 255
    }

    It 'passes the recorded version id' {
        $null = Register-ArtifactReferenceHandler mem -Force -Probe {
            param($uri, $version)
            [pscustomobject]@{ VersionId = if ($version) { $version } else { 'new' } }
        } -Open { param($uri, $version) "version $version" }
        $null = Publish-Reference mem:x

        Get-ArtifactContent $name x | Should -BeExactly 'version new'
    }

    It 'reports <Id> for <What>' -TestCases @(
        @{ What = 'no output'; Probe = { }; Id = 'ReferenceNotFound'; Category = 'ObjectNotFound'; Text = 'mem:x' }
        @{ What = 'a missing item'; Probe = { Get-Item ./no-such-file }; Id = 'ReferenceNotFound'; Category = 'ObjectNotFound'; Text = 'mem:x' }
        @{ What = 'denied access'; Probe = { throw [UnauthorizedAccessException]::new('Not you') }; Id = 'ReferenceAccessDenied'; Category = 'PermissionDenied'; Text = 'Not you' }
        @{ What = 'an error'; Probe = { Write-Error 'It broke'; @{ Size = 1 } }; Id = 'ReferenceUnavailable'; Category = 'ResourceUnavailable'; Text = "-Probe of the handler for 'mem:'", 'It broke' }
        @{ What = 'two objects'; Probe = { @{ Size = 1 }; @{ Size = 2 } }; Id = 'ReferenceUnavailable'; Category = 'ResourceUnavailable'; Text = "'mem:'", 'one object, not 2' }
        @{ What = 'unknown properties'; Probe = { @{ Lenght = 1 } }; Id = 'ReferenceUnavailable'; Category = 'ResourceUnavailable'; Text = "'mem:'", 'Size, ETag' }
        @{ What = 'an invalid size'; Probe = { @{ Size = 'big' } }; Id = 'ReferenceUnavailable'; Category = 'ResourceUnavailable'; Text = "'mem:'", 'Size' }
    ) {
        $null = Register-ArtifactReferenceHandler mem -Force -Probe $Probe -Open { 'text' }
        $draft = New-Artifact $name dataset
        Assert-Error { Add-ArtifactReference mem:x -Artifact $draft } $Id $Category -ErrorText $Text
    }

    It 'calls a script block again after <What>' -TestCases @(
        @{ What = 'an error of a device'; Failure = { [IO.IOException]::new('Reset') } }
        @{ What = 'an error of a request'; Failure = { [Net.Http.HttpRequestException]::new('Broken') } }
        @{ What = 'a timeout'; Failure = { [TimeoutException]::new('Late') } }
        @{ What = 'a cancelled request'; Failure = { [Threading.Tasks.TaskCanceledException]::new('Late') } }
    ) {
        $calls = @{ Probe = 0; Open = 0 }
        $null = Register-ArtifactReferenceHandler mem -Force -Probe {
            if ($calls.Probe++ -eq 0) { throw (& $Failure) }
            @{ Size = 4 }
        } -Open {
            if ($calls.Open++ -eq 0) { throw (& $Failure) }
            'text'
        }
        $null = Publish-Reference mem:x

        Get-ArtifactContent $name x | Should -BeExactly text
        $calls.Probe, $calls.Open | Should -Be 2, 2
    }

    It 'calls a script block once after <What>' -TestCases @(
        @{ What = 'another error'; Failure = { [InvalidOperationException]::new('Wrong') } }
        @{ What = 'a text'; Failure = { 'Wrong' } }
        @{ What = 'a path that is too long'; Failure = { [IO.PathTooLongException]::new('Wrong') } }
        @{ What = 'a certificate that is not trusted'; Failure = { [Net.Http.HttpRequestException]::new('Wrong', [Security.Authentication.AuthenticationException]::new('TLS')) } }
    ) {
        $calls = @{ Probe = 0 }
        $null = Register-ArtifactReferenceHandler mem -Force -Probe { $calls.Probe++; throw (& $Failure) } -Open { }
        $draft = New-Artifact $name dataset
        Assert-Error { Add-ArtifactReference mem:x -Artifact $draft } ReferenceUnavailable ResourceUnavailable -ErrorText Wrong

        $calls.Probe | Should -Be 1
    }

    It 'restores the other files after an error of the handler' {
        $null = Publish-Reference mem:a.txt, mem:b.txt
        $texts.Remove('mem:a.txt')
        Assert-Error { $null = Save-Artifact $name $out } ReferenceNotFound ObjectNotFound

        (Get-ChildItem $out).Name | Should -Be b.txt
    }

    It 'runs many script blocks in the session, with its commands' {
        function Get-Text($Uri) { (Get-ArtifactContent texts all.txt) + $Uri }
        $null = New-TestVersion texts @{ 'all.txt' = 'text of ' }
        $null = Register-ArtifactReferenceHandler mem -Force -Probe { param($uri) @{ Size = (Get-Text $uri).Length } } -Open { param($uri) Get-Text $uri }
        $null = Publish-Reference @(1..40 | ForEach-Object { "mem:$_" })
        $null = Save-Artifact $name $out

        Get-Content -Raw "$out/40" | Should -BeExactly 'text of mem:40'
        (Get-ChildItem $out).Count | Should -Be 40
    }
}
