namespace CnnViz.Import.Drafts;

/// <summary>What a module does, as the ranks and names of its weights tell.</summary>
internal enum WeightKind
{
    /// <summary>Convolution over images; transposed perhaps.</summary>
    Conv2d,

    /// <summary>Dense layer.</summary>
    Linear,

    /// <summary>Normalization with the statistics of training.</summary>
    BatchNorm,

    /// <summary>Normalization of what it gets, with weights: of layers, groups or instances.</summary>
    Norm,

    /// <summary>Leaky ReLU with a trained slope.</summary>
    PReLU,

    /// <summary>Convolution over sequences.</summary>
    Conv1d,

    /// <summary>Convolution over volumes.</summary>
    Conv3d,

    /// <summary>LSTM, GRU and the like.</summary>
    Recurrent,

    /// <summary>Attention, as transformers have it.</summary>
    Attention,

    /// <summary>Table of vectors.</summary>
    Embedding,

    /// <summary>No weights: a layer that the file names all the same.</summary>
    Weightless,

    /// <summary>Something else.</summary>
    Other,
}
