namespace Sailfish.Media.Amf;

/// <summary>Kinds of AMF0 values that RTMP and FLV are met with (AMF0 specification, section 2.1). Short and long strings are one kind.</summary>
#pragma warning disable CA1720 // String and Object are the specification's words.
public enum AmfKind : byte
{
    /// <summary>A double (section 2.2).</summary>
    Number,

    /// <summary>True or false (section 2.3).</summary>
    Boolean,

    /// <summary>UTF-8 text (sections 2.4 and 2.14).</summary>
    String,

    /// <summary>Names with values (section 2.5).</summary>
    Object,

    /// <summary>Null (section 2.7).</summary>
    Null,

    /// <summary>Undefined (section 2.8).</summary>
    Undefined,

    /// <summary>Names with values, whose count is told before them but means nothing (section 2.10).</summary>
    EcmaArray,

    /// <summary>Values without names (section 2.12).</summary>
    StrictArray,

    /// <summary>Milliseconds since 1970 (section 2.13).</summary>
    Date,
}
#pragma warning restore CA1720
