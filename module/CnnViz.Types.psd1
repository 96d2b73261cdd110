# A module of its own within CnnViz, so that a second copy of CnnViz can refuse (see CnnViz.psm1) before its type data meet the first copy's.
@{
    ModuleVersion  = '1.0'
    GUID           = 'a1de7b2c-7f0f-4f3e-9d57-2d5f0c0a6b18'
    Author         = 'CnnViz contributors'
    TypesToProcess = @('CnnViz.Types.ps1xml')
}
