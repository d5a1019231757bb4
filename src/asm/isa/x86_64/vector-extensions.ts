// SPDX-License-Identifier: MIT

/**
 * The instructions that have a VEX, EVEX or XOP prefix, by name, with how many operands they take: AVX to AVX-512 with
 * their companions, FMA, FMA4 and XOP. None has a meaning here. BMI's are elsewhere, since these have one.
 */

/** The numbers of operands, endings (`-` for none), and what stands before each of them. */
const NAMES: readonly (readonly [counts: readonly number[], endings: string, stems: string])[] = [
  [[0], '', 'vzeroall vzeroupper'],
  [
    [1],
    'ps pd',
    'vgatherpf0d vgatherpf0q vgatherpf1d vgatherpf1q vscatterpf0d vscatterpf0q vscatterpf1d ' + 'vscatterpf1q',
  ],
  [[1], '', 'vldmxcsr vstmxcsr'],
  [
    [2],
    '',
    'vaesimc vbcstnebf162ps vbcstnesh2ps vbroadcastf128 vbroadcastf32x2 vbroadcastf32x4 ' +
      'vbroadcastf32x8 vbroadcastf64x2 vbroadcastf64x4 vbroadcasti128 vbroadcasti32x2 vbroadcasti32x4 ' +
      'vbroadcasti32x8 vbroadcasti64x2 vbroadcasti64x4 vcvtdq2phx vcvtdq2phy vcvtneebf162ps ' +
      'vcvtneeph2ps vcvtneobf162ps vcvtneoph2ps vcvtneps2bf16 vcvtneps2bf16x vcvtneps2bf16y vcvtpd2dq ' +
      'vcvtpd2dqx vcvtpd2dqy vcvtpd2phx vcvtpd2phy vcvtpd2phz vcvtpd2psx vcvtpd2psy vcvtpd2qq ' +
      'vcvtpd2udq vcvtpd2udqx vcvtpd2udqy vcvtpd2uqq vcvtph2dq vcvtph2psx vcvtph2qq vcvtph2udq ' +
      'vcvtph2uqq vcvtph2uw vcvtps2dq vcvtps2pd vcvtps2phx vcvtps2phxx vcvtps2phxy vcvtps2qq ' +
      'vcvtps2udq vcvtps2uqq vcvtqq2phx vcvtqq2phy vcvtqq2phz vcvtqq2psx vcvtqq2psy vcvtsd2si ' +
      'vcvtsd2usi vcvtsh2si vcvtsh2usi vcvtss2si vcvtss2usi vcvttpd2dq vcvttpd2dqx vcvttpd2dqy ' +
      'vcvttpd2qq vcvttpd2udq vcvttpd2udqx vcvttpd2udqy vcvttpd2uqq vcvttph2dq vcvttph2qq vcvttph2udq ' +
      'vcvttph2uqq vcvttph2uw vcvttph2w vcvttps2dq vcvttps2qq vcvttps2udq vcvttps2uqq vcvttsd2si ' +
      'vcvttsd2usi vcvttsh2si vcvttsh2usi vcvttss2si vcvttss2usi vcvtudq2phx vcvtudq2phy vcvtuqq2phx ' +
      'vcvtuqq2phy vcvtuqq2phz vcvtuqq2psx vcvtuqq2psy vcvtuw2ph vcvtw2ph vlddqu vmaskmovdqu vmovddup ' +
      'vmovdqa vmovdqa32 vmovdqa64 vmovdqu vmovdqu16 vmovdqu32 vmovdqu64 vmovdqu8 vmovntdq vmovntdqa ' +
      'vmovshdup vmovsldup vpabsd vpbroadcastmb2q vpbroadcastmw2d vpcompressd vphadddq vphaddudq ' +
      'vphminposuw vphsubbw vphsubdq vphsubwd vpmovb2m vpmovd2m vpmovmskb vpmovq2m vpmovswb vpmovsxdq ' +
      'vpmovuswb vpmovw2m vpmovwb vpmovzxdq vptest',
  ],
  [
    [2],
    'ps pd',
    'vcompress vexp2 vexpand vmova vmovmsk vmovnt vmovu vrcp14 vrcp28 vrsqrt14 vrsqrt28 vscatterd ' + 'vscatterq vtest',
  ],
  [[2], 'd q', 'vpconflict vphadduw vphaddw vplzcnt vpmovsxw vpmovzxw vpscatterd vpscatterq'],
  [[2], 'b w d q', 'kmov knot kortest ktest vpbroadcast vpexpand vpmovm2 vpopcnt'],
  [[2], 'ps pd ph', 'vcvtdq2 vcvtqq2 vcvtudq2 vcvtuqq2 vgetexp vsqrt'],
  [[2], 'w d q', 'vmov vphaddb vphaddub vpmovsxb vpmovzxb'],
  [[2], 'b w', 'vpmovd vpmovsd vpmovusd'],
  [[2], 'b w d', 'vpmovq vpmovsq vpmovusq'],
  [[2], 'ps ph', 'vcvtpd2 vrcp vrsqrt'],
  [[2], 'b w q', 'vpabs vpcompress'],
  [[2], 'ss sd sh', 'vcomi vucomi'],
  [[2], 'ps pd ss sd', 'vfrcz'],
  [[2], 'ss sd', 'vbroadcast'],
  [[2], 'w ps pd', 'vcvtph2'],
  [[2, 3], 'ps pd', 'vgatherd vgatherq vmovh vmovl'],
  [[2, 3], 'd q', 'vpgatherd vpgatherq'],
  [[2, 3], 'ss sd sh', 'vmov'],
  [
    [3],
    '',
    'kunpckbw kunpckdq kunpckwd vaesdec vaesdeclast vaesenc vaesenclast vaeskeygenassist ' +
      'vcvtne2ps2bf16 vcvtps2ph vdpbf16ps vextractf128 vextractf32x4 vextractf32x8 vextractf64x2 ' +
      'vextractf64x4 vextracti128 vextracti32x4 vextracti32x8 vextracti64x2 vextracti64x4 vextractps ' +
      'vfpclasspdx vfpclasspdy vfpclasspdz vfpclassphx vfpclassphy vfpclassphz vfpclasspsx vfpclasspsy ' +
      'vfpclasspsz vgf2p8mulb vmovhlps vmovlhps vp4dpwssd vp4dpwssds vpackssdw vpacksswb vpackusdw ' +
      'vpackuswb vpand vpclmulhqhqdq vpclmulhqlqdq vpclmullqhqdq vpclmullqlqdq vpcmpestri vpcmpestrm ' +
      'vpcmpistri vpcmpistrm vpdpbssd vpdpbssds vpdpbsud vpdpbsuds vpdpbusd vpdpbusds vpdpbuud ' +
      'vpdpbuuds vpdpwssd vpdpwssds vphaddsw vphsubsw vpmadd52huq vpmadd52luq vpmaddubsw vpmaddwd ' +
      'vpmaxsd vpminsd vpmuldq vpmulhrsw vpmulhuw vpmulhw vpmultishiftqb vpmuludq vpsadbw vpshufbitqmb ' +
      'vpshufhw vpshuflw vpslldq vpsrldq vpunpckhbw vpunpckhdq vpunpckhqdq vpunpckhwd vpunpcklbw ' +
      'vpunpckldq vpunpcklqdq vpunpcklwd',
  ],
  [
    [3],
    'b w d q',
    'kadd kand kandn kor kshiftl kshiftr kxnor kxor vpadd vpblendm vpcmpeq vpcmpequ vpcmpgt vpcmple ' +
      'vpcmpleu vpcmplt vpcmpltu vpcmpneq vpcmpnequ vpcmpnle vpcmpnleu vpcmpnlt vpcmpnltu vpextr ' +
      'vpmaxu vpminu vprot vpsha vpshl vpsub vptestm vptestnm',
  ],
  [[3], 'ps pd', 'vaddsub vand vandn vblendm vhadd vhsub vmaskmov vor vpermil vround vunpckh vunpckl vxor'],
  [[3], 'w d q', 'vpmull vpshldv vpshrdv vpsll vpsllv vpsra vpsrav vpsrl vpsrlv'],
  [[3], 'ps pd ss sd ph sh', 'vadd vdiv vfpclass vmax vmin vmul vscalef vsub'],
  [[3], 'd q', 'vp2intersect vpand vpmaskmov vprol vprolv vpror vprorv'],
  [[3], 'b w', 'vpadds vpaddus vpavg vpsubs vpsubus'],
  [[3], 'ss sd', 'vcvtsh2 vrcp14 vrcp28 vrsqrt14 vrsqrt28'],
  [[3], 'ph sh', 'vfcmaddc vfcmulc vfmaddc vfmulc'],
  [[3], 'ss sd sh', 'vcvtsi2 vcvtusi2 vgetexp vsqrt'],
  [[3], 'b w d q ps pd', 'vperm vpermi2 vpermt2'],
  [[3], 'd q -', 'vpandn vpor vpxor'],
  [[3], 'ps pd ph', 'vgetmant vreduce vrndscale'],
  [[3], 'ss sh', 'vcvtsd2 vrcp vrsqrt'],
  [[3], 'b w q', 'vpmaxs vpmins'],
  [[3], 'ps ss', 'v4fmadd v4fnmadd'],
  [[3], 'w d', 'vphadd vphsub'],
  [[3], 'b d', 'vpshuf'],
  [[3], 'b w d', 'vpsign'],
  [[3], 'sd sh', 'vcvtss2'],
  [
    [4],
    '',
    'vdbpsadbw vgf2p8affineinvqb vgf2p8affineqb vinsertf128 vinsertf32x4 vinsertf32x8 vinsertf64x2 ' +
      'vinsertf64x4 vinserti128 vinserti32x4 vinserti32x8 vinserti64x2 vinserti64x4 vinsertps vmpsadbw ' +
      'vpalignr vpblendvb vpclmulqdq vpcmov vpcmpd vperm2f128 vperm2i128 vpmacsdd vpmacsdqh vpmacsdql ' +
      'vpmacssdd vpmacssdqh vpmacssdql vpmadcsswd vpmadcswd vpperm vshuff32x4 vshuff64x2 vshufi32x4 ' +
      'vshufi64x2',
  ],
  [[4], 'ps pd', 'vblend vblendv vdp vfmaddsub vfmsubadd vshuf'],
  [[4], 'ps pd ss sd', 'vfixupimm vfmadd vfmsub vfnmadd vfnmsub vrange'],
  [[4], 'b w d q', 'vpcmpu vpcom vpcomu vpinsr'],
  [[4], 'ss sd sh', 'vgetmant vreduce vrndscale'],
  [[4], 'w d', 'vpblend vpmacssw vpmacsw'],
  [[4], 'd q', 'valign vpternlog'],
  [[4], 'w d q', 'vpshld vpshrd'],
  [[4], 'b w q', 'vpcmp'],
  [[4], 'ps pd ss sd ph sh', 'vcmp'],
  [[4], 'ss sd', 'vround'],
  [[5], 'ps pd', 'vpermil2'],
];

const FLOATS = ['ps', 'pd', 'ss', 'sd', 'ph', 'sh'];
const CONDITIONS =
  'eq eq_oq eq_os eq_uq eq_us false false_oq false_os ge ge_oq ge_os gt gt_oq gt_os le le_oq le_os lt lt_oq lt_os ' +
  'neq neq_oq neq_os neq_uq neq_us nge nge_uq nge_us ngt ngt_uq ngt_us nle nle_uq nle_us nlt nlt_uq nlt_us ' +
  'ord ord_q ord_s true true_uq true_us unord unord_q unord_s';

/** By name, the numbers of operands that an instruction takes. */
export function vectorExtensions(): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const [counts, endings, stems] of NAMES) {
    for (const stem of stems.split(' ')) {
      for (const ending of endings.split(' ')) found.set(ending === '-' ? stem : stem + ending, counts);
    }
  }
  for (const condition of CONDITIONS.split(' ')) for (const f of FLOATS) found.set(`vcmp${condition}${f}`, [3]);
  for (const order of ['132', '213', '231']) {
    for (const f of FLOATS) {
      for (const stem of ['vfmadd', 'vfmsub', 'vfnmadd', 'vfnmsub']) found.set(`${stem}${order}${f}`, [3]);
      if (f.startsWith('p')) for (const stem of ['vfmaddsub', 'vfmsubadd']) found.set(`${stem}${order}${f}`, [3]);
    }
  }
  for (const condition of ['eq', 'lt', 'le', 'neq', 'ge', 'gt', 'false', 'true']) {
    for (const width of 'bwdq') for (const sign of ['', 'u']) found.set(`vpcom${condition}${sign}${width}`, [3]);
  }
  return found;
}
