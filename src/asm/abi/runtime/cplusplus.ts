// SPDX-License-Identifier: MIT

/**
 * The symbols that a list of patterns stands for: `#` is the type of a character, `%` a truth value, and `@` the rest of a
 * string's template arguments.
 */
export const spelledOut = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pattern) => pattern.replaceAll('@', 'St11char_traitsI#ESaI#E'))
    .flatMap((pattern) => either(pattern, '#', ['c', 'w']))
    .flatMap((pattern) => either(pattern, '%', ['0', '1']));

const either = (pattern: string, mark: string, values: readonly string[]): string[] =>
  pattern.includes(mark) ? values.map((v) => pattern.replaceAll(mark, v)) : [pattern];

/**
 * Functions of GCC 12's C++ library that return an object in memory, by their symbols (Itanium C++ ABI, 5.1). x86-64 passes
 * the address of the object like a first argument and gets it back as the result; AArch64 has `x8` for it and gives
 * nothing back, and RISC-V gives nothing back either.
 */
export const ABOUT_OBJECTS =
  'The result is an object of the C++ library, whose address is passed and returned in another way.';

export const RETURNING_OBJECTS: readonly string[] = spelledOut(`
  _ZNKRSt7__cxx1115basic_stringbufI#@E3strEv
  _ZNKRSt7__cxx1118basic_stringstreamI#@E3strEv
  _ZNKRSt7__cxx1119basic_istringstreamI#@E3strEv
  _ZNKRSt7__cxx1119basic_ostringstreamI#@E3strEv
  _ZNKSbIwSt11char_traitsIwESaIwEE13get_allocatorEv
  _ZNKSbIwSt11char_traitsIwESaIwEE4rendEv
  _ZNKSbIwSt11char_traitsIwESaIwEE5crendEv
  _ZNKSbIwSt11char_traitsIwESaIwEE6rbeginEv
  _ZNKSbIwSt11char_traitsIwESaIwEE6substrEmm
  _ZNKSbIwSt11char_traitsIwESaIwEE7crbeginEv
  _ZNKSs13get_allocatorEv
  _ZNKSs4rendEv
  _ZNKSs5crendEv
  _ZNKSs6rbeginEv
  _ZNKSs6substrEmm
  _ZNKSs7crbeginEv
  _ZNKSt10filesystem4path11parent_pathEv
  _ZNKSt10filesystem4path13relative_pathEv
  _ZNKSt10filesystem4path14root_directoryEv
  _ZNKSt10filesystem4path16lexically_normalEv
  _ZNKSt10filesystem4path18lexically_relativeERKS0_
  _ZNKSt10filesystem4path19lexically_proximateERKS0_
  _ZNKSt10filesystem4path9root_nameEv
  _ZNKSt10filesystem4path9root_pathEv
  _ZNKSt10filesystem7__cxx114path11parent_pathEv
  _ZNKSt10filesystem7__cxx114path13relative_pathEv
  _ZNKSt10filesystem7__cxx114path14root_directoryEv
  _ZNKSt10filesystem7__cxx114path16lexically_normalEv
  _ZNKSt10filesystem7__cxx114path18lexically_relativeERKS1_
  _ZNKSt10filesystem7__cxx114path19lexically_proximateERKS1_
  _ZNKSt10filesystem7__cxx114path9root_nameEv
  _ZNKSt10filesystem7__cxx114path9root_pathEv
  _ZNKSt10moneypunctI#Lb%EE11curr_symbolEv
  _ZNKSt10moneypunctI#Lb%EE13negative_signEv
  _ZNKSt10moneypunctI#Lb%EE13positive_signEv
  _ZNKSt10moneypunctI#Lb%EE8groupingEv
  _ZNKSt15basic_streambufI#St11char_traitsI#EE6getlocEv
  _ZNKSt15basic_stringbufI#@E3strEv
  _ZNKSt18basic_stringstreamI#@E3strEv
  _ZNKSt19basic_istringstreamI#@E3strEv
  _ZNKSt19basic_ostringstreamI#@E3strEv
  _ZNKSt6locale4nameB5cxx11Ev
  _ZNKSt6locale4nameEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE11curr_symbolEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE13negative_signEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE13positive_signEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE8groupingEv
  _ZNKSt7__cxx1112basic_stringI#@E13get_allocatorEv
  _ZNKSt7__cxx1112basic_stringI#@E4rendEv
  _ZNKSt7__cxx1112basic_stringI#@E5crendEv
  _ZNKSt7__cxx1112basic_stringI#@E6rbeginEv
  _ZNKSt7__cxx1112basic_stringI#@E6substrEmm
  _ZNKSt7__cxx1112basic_stringI#@E7crbeginEv
  _ZNKSt7__cxx1115basic_stringbufI#@E13get_allocatorEv
  _ZNKSt7__cxx1115basic_stringbufI#@E3strEv
  _ZNKSt7__cxx1118basic_stringstreamI#@E3strEv
  _ZNKSt7__cxx1119basic_istringstreamI#@E3strEv
  _ZNKSt7__cxx1119basic_ostringstreamI#@E3strEv
  _ZNKSt7__cxx117collateI#E9transformEPK#S3_
  _ZNKSt7__cxx118messagesI#E3getEiiiRKNS_12basic_stringI#@EE
  _ZNKSt7__cxx118numpunctI#E8groupingEv
  _ZNKSt7__cxx118numpunctI#E8truenameEv
  _ZNKSt7__cxx118numpunctI#E9falsenameEv
  _ZNKSt7collateI#E9transformEPK#S2_
  _ZNKSt8messagesIcE3getEiiiRKSs
  _ZNKSt8messagesIwE3getEiiiRKSbIwSt11char_traitsIwESaIwEE
  _ZNKSt8numpunctI#E8groupingEv
  _ZNKSt8numpunctI#E8truenameEv
  _ZNKSt8numpunctI#E9falsenameEv
  _ZNOSt7__cxx1115basic_stringbufI#@E3strEv
  _ZNOSt7__cxx1118basic_stringstreamI#@E3strEv
  _ZNOSt7__cxx1119basic_istringstreamI#@E3strEv
  _ZNOSt7__cxx1119basic_ostringstreamI#@E3strEv
  _ZNSbIwSt11char_traitsIwESaIwEE4rendEv
  _ZNSbIwSt11char_traitsIwESaIwEE6rbeginEv
  _ZNSs4rendEv
  _ZNSs6rbeginEv
  _ZNSt10filesystem12current_pathB5cxx11ERSt10error_code
  _ZNSt10filesystem12current_pathB5cxx11Ev
  _ZNSt10filesystem12current_pathERSt10error_code
  _ZNSt10filesystem12current_pathEv
  _ZNSt10filesystem12read_symlinkERKNS_4pathE
  _ZNSt10filesystem12read_symlinkERKNS_4pathERSt10error_code
  _ZNSt10filesystem12read_symlinkERKNS_7__cxx114pathE
  _ZNSt10filesystem12read_symlinkERKNS_7__cxx114pathERSt10error_code
  _ZNSt10filesystem16weakly_canonicalERKNS_4pathE
  _ZNSt10filesystem16weakly_canonicalERKNS_4pathERSt10error_code
  _ZNSt10filesystem16weakly_canonicalERKNS_7__cxx114pathE
  _ZNSt10filesystem16weakly_canonicalERKNS_7__cxx114pathERSt10error_code
  _ZNSt10filesystem19temp_directory_pathB5cxx11ERSt10error_code
  _ZNSt10filesystem19temp_directory_pathB5cxx11Ev
  _ZNSt10filesystem19temp_directory_pathERSt10error_code
  _ZNSt10filesystem19temp_directory_pathEv
  _ZNSt10filesystem5spaceERKNS_4pathE
  _ZNSt10filesystem5spaceERKNS_4pathERSt10error_code
  _ZNSt10filesystem5spaceERKNS_7__cxx114pathE
  _ZNSt10filesystem5spaceERKNS_7__cxx114pathERSt10error_code
  _ZNSt10filesystem8absoluteERKNS_4pathE
  _ZNSt10filesystem8absoluteERKNS_4pathERSt10error_code
  _ZNSt10filesystem8absoluteERKNS_7__cxx114pathE
  _ZNSt10filesystem8absoluteERKNS_7__cxx114pathERSt10error_code
  _ZNSt10filesystem8relativeERKNS_4pathES2_
  _ZNSt10filesystem8relativeERKNS_4pathES2_RSt10error_code
  _ZNSt10filesystem8relativeERKNS_7__cxx114pathES3_
  _ZNSt10filesystem8relativeERKNS_7__cxx114pathES3_RSt10error_code
  _ZNSt10filesystem9canonicalERKNS_4pathE
  _ZNSt10filesystem9canonicalERKNS_4pathERSt10error_code
  _ZNSt10filesystem9canonicalERKNS_7__cxx114pathE
  _ZNSt10filesystem9canonicalERKNS_7__cxx114pathERSt10error_code
  _ZNSt10filesystem9proximateERKNS_4pathES2_
  _ZNSt10filesystem9proximateERKNS_4pathES2_RSt10error_code
  _ZNSt10filesystem9proximateERKNS_7__cxx114pathES3_
  _ZNSt10filesystem9proximateERKNS_7__cxx114pathES3_RSt10error_code
  _ZNSt15basic_streambufI#St11char_traitsI#EE8pubimbueERKSt6locale
  _ZNSt6locale6globalERKS_
  _ZNSt7__cxx1112basic_stringI#@E4rendEv
  _ZNSt7__cxx1112basic_stringI#@E6rbeginEv
  _ZNSt8ios_base5imbueERKSt6locale
  _ZNSt9basic_iosI#St11char_traitsI#EE5imbueERKSt6locale
  _ZSt17current_exceptionv
  _ZStplI#@ENSt7__cxx1112basic_stringIT_T0_T1_EEPKS5_RKS8_
  _ZStplI#@ENSt7__cxx1112basic_stringIT_T0_T1_EERKS8_SA_
  _ZStplI#@ENSt7__cxx1112basic_stringIT_T0_T1_EES5_RKS8_
  _ZStplI#@ESbIT_T0_T1_EPKS3_RKS6_
  _ZStplI#@ESbIT_T0_T1_ERKS6_S8_
  _ZStplI#@ESbIT_T0_T1_ES3_RKS6_
`);

/**
 * Virtual ones, which are called through tables: the library calls what the program puts into its tables, and the
 * program what the library has put there. A class of the program with such functions mentions one of them or its base.
 */
export const RETURNING_OBJECTS_VIRTUALLY: readonly string[] = spelledOut(`
  _ZNKSt10moneypunctI#Lb%EE11do_groupingEv
  _ZNKSt10moneypunctI#Lb%EE14do_curr_symbolEv
  _ZNKSt10moneypunctI#Lb%EE16do_negative_signEv
  _ZNKSt10moneypunctI#Lb%EE16do_positive_signEv
  _ZNKSt3_V214error_category10_M_messageB5cxx11Ei
  _ZNKSt3_V214error_category10_M_messageEi
  _ZNKSt7__cxx1110moneypunctI#Lb%EE11do_groupingEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE14do_curr_symbolEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE16do_negative_signEv
  _ZNKSt7__cxx1110moneypunctI#Lb%EE16do_positive_signEv
  _ZNKSt7__cxx117collateI#E12do_transformEPK#S3_
  _ZNKSt7__cxx118messagesI#E6do_getEiiiRKNS_12basic_stringI#@EE
  _ZNKSt7__cxx118numpunctI#E11do_groupingEv
  _ZNKSt7__cxx118numpunctI#E11do_truenameEv
  _ZNKSt7__cxx118numpunctI#E12do_falsenameEv
  _ZNKSt7collateI#E12do_transformEPK#S2_
  _ZNKSt8messagesIcE6do_getEiiiRKSs
  _ZNKSt8messagesIwE6do_getEiiiRKSbIwSt11char_traitsIwESaIwEE
  _ZNKSt8numpunctI#E11do_groupingEv
  _ZNKSt8numpunctI#E11do_truenameEv
  _ZNKSt8numpunctI#E12do_falsenameEv
  _ZTISt10moneypunctI#Lb%EE _ZTINSt7__cxx1110moneypunctI#Lb%EEE
  _ZTISt7collateI#E _ZTINSt7__cxx117collateI#EE
  _ZTISt8messagesI#E _ZTINSt7__cxx118messagesI#EE
  _ZTISt8numpunctI#E _ZTINSt7__cxx118numpunctI#EE
  _ZTINSt3_V214error_categoryE
`);

/**
 * Types with virtual functions that return less than 64 bits: the library calls those that a derived class of the program
 * overrides, and on RISC-V expects the results extended.
 */
export const RETURNING_NARROW_VIRTUALLY: readonly string[] = spelledOut(`
  _ZTISt15basic_streambufI#St11char_traitsI#EE _ZTISt13basic_filebufI#St11char_traitsI#EE
  _ZTINSt7__cxx1115basic_stringbufI#@EE _ZTISt5ctypeI#E _ZTISt21__ctype_abstract_baseI#E
  _ZTISt7codecvtI#c11__mbstate_tE _ZTINSt7__cxx117collateI#EE _ZTINSt7__cxx118numpunctI#EE
  _ZTINSt7__cxx1110moneypunctI#Lb%EEE _ZTINSt3_V214error_categoryE _ZTINSt3pmr15memory_resourceE
`);
